"""Signing in to the console by a provider of identities (OpenID Connect)."""
