"""History in SQL: conversations, their events, ratings, accounts and the audit trail."""
