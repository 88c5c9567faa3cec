"""E-mail to customers: what is to be sent stands in the history database until it is."""
