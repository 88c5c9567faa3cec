-- Ends a job for which no turn is owed any more (an agent has the conversation, or it is closed).
-- ARGV[4] job id
-- Returns SETTLED
load()
settle(ARGV[4])
return { 'SETTLED', '0', conv.epoch or '0' }
