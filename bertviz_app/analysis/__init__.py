"""Numbers worth drawing: what a picture needs of a trace, in numpy alone."""
