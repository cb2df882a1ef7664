"""After the vote: results are provisional until their letters are released in one act; who then sees what."""
