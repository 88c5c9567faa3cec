"""What was decided becomes files: phrases, pinned questions, drafts; on a branch or in place."""
