"""The two WebSockets: customers and agents."""
