-- Stores whether an answer helped, once per message_id; a later vote counts instead of an earlier one.
-- What was asked and quoted, how surely and from which index is read from the answer: nobody can say
-- otherwise. Permitted in every state; the conversation stays where it is. The bot hears of a vote
-- against its latest answer with the next turn.
-- ARGV[4] message_id  ARGV[5] seq of the answer  ARGV[6] 'true' | 'false'
-- Returns VOTED | REPEATED | NO_ANSWER
local message_id, answer_seq, helpful = ARGV[4], ARGV[5], ARGV[6]

-- The data of the event if it is an answer that quotes an article.
local function answer()
  local entry = redis.call('XRANGE', EVENTS, answer_seq .. '-0', answer_seq .. '-0')[1]
  local data = entry and cjson.decode(entry[2][2]).data
  local quotes = data and data.author == 'bot' and data.kind == 'answer' and data.sources
  return quotes and #quotes > 0 and data or nil
end

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end
local voted_on = answer()
if not voted_on then return reply('NO_ANSWER') end

local sources = {}
for i, source in ipairs(voted_on.sources) do
  sources[i] = { article_id = source.article_id, locale = source.locale }
end
local vote = { query = voted_on.query, sources = sources, confidence = voted_on.confidence,
  index_version = voted_on.index_version }
if helpful == 'false' then set('disliked', answer_seq)
elseif conv.disliked == answer_seq then clear('disliked') end
local data = '{"seq":' .. answer_seq .. ',"helpful":' .. helpful .. '}'
return reply('VOTED', store(message_id, append('answer.voted', extend(data, cjson.encode(vote):sub(2, -2)))))
