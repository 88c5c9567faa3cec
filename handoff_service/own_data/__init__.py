"""Everything that is known of one customer, as a file for them."""
