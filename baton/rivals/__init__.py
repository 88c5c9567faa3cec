"""Small honest programs of other makers' libraries, measured beside Baton in the same run."""
