"""What agents need not write anew: canned replies, and macros made of several acts."""
