"""Masks what tells of a person, before anything is learned from what customers wrote."""
