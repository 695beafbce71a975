"""What stays between two starts of the program: settings, and later the journal and sessions."""
