"""The turn loop: from a posted message to the reply of the bot."""
