"""The live side of Baton: conversations, queue, agents, and the only public face."""
