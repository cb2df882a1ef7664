"""Reading dossiers from the spreadsheets offices really send."""
