"""Taking dossiers from a reviewer while scoring runs: what was signed is named first, and counts no longer after."""
