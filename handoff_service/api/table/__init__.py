"""The operations of the HTTP API, by who calls them."""
