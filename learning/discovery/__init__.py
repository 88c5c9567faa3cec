"""Discovery: what many customers ask about, found without anybody naming it beforehand."""
