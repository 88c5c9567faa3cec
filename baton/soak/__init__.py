"""A long run of short conversations: does the live store stay small?"""
