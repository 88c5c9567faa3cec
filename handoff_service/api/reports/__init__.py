"""Numbers of the desk, for the section Reports and for programs."""
