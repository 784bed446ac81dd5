"""What stands around a word of danger: denial, supposition, time, figures of speech, subjects."""

import re
from datetime import date, timedelta

from bot.understanding.dates import find_dates
from bot.understanding.text import Span, around, clauses

_FIGURES = re.compile(
    r"\b(?:(?:a\s+)?stab\s+(?:in\s+the\s+dark|at\s+(?:it|this|the|writing|an|drafting|explaining)|in\s+the\s+back)|stabbed\s+(?:\w+\s+)?in\s+the\s+back|(?:come|coming|came|been|are|were|is|under)\s+under\s+fire|under\s+fire"
    r"|fire\s?fight\w*|knife[\s-]edge|jump\w*\s+the\s+gun|smoking\s+gun|(?:stick\w*|stuck)\s+to\s+(?:our|their|my|her|his|your)\s+guns?|big\s+guns|under\s+the\s+gun|gung\s+ho|long\s+knives|knives\s+(?:are\s+|were\s+)?out(?:\s+for)?|twist\w*\s+the\s+knife|silver\s+bullet|bite\s+the\s+bullet|dodg\w+\s+a\s+bullet|magic\s+bullet|bullet\s+points?|shoot\w*\s+(?:the\s+messenger|ourselves|themselves|himself|herself|from\s+the\s+hip|down|\w+\s+down)|shot\s+(?:\w+\s+){0,4}?down|(?:long|big)\s+shot|shot\s+(?:in\s+the|myself\s+in\s+the)\s+(?:dark|foot|arm)|parting\s+shot|shot\s+(?:ourselves|themselves)\s+in\s+the\s+foot|shoot\w*\s+(?:\w+\s+)in\s+the\s+foot"
    r"|kill(?:ing|s|ed)?\s+(?:two\s+birds|time|(?:it|the\s+(?:idea|plan|deal|mood|conversation|referral|discussion|momentum|relationship|process|case|whole\s+thing))\b|an\s+hour)|kill(?:ing|s)\s+(?:me|us)\b(?!\s+(?:if|when|and))|could\s+(?:have\s+)?kill(?:ed)?\s+(?:him|her|them|for)\s*(?:for|$|\.|some)|(?:paperwork|workload|waiting|caseload\w*|stress|hours|job|admin|system|emails?)\s+(?:\w+\s+){0,3}?kill\w*\s+(?:me|us)|wouldnt\s+kill\s+(?:them|him|her)|kill\s+for\s+a|if\s+looks\s+could\s+kill|dressed\s+to\s+kill"
    r"|hit\w*\s+(?:a\s+|the\s+)?(?:\w+\s+)?(?:wall|brick\s+wall|target\w*|deadline\w*|nail|roof|headlines|ground\s+running|buffers|nerve|snag|threshold|road|jackpot|a\s+dead\s+end|home\b|rock\s+bottom|send)|it\s+(?:really\s+)?hit(?:s)?\s+(?:me|us)|hit\s+(?:us|me)\s+(?:hard|with\s+(?:a|the|another)\s+(?:new|decision|form|letter|bill|request|policy|news))|hard\s+hit|hit\s+(?:hard\s+)?by\s+(?:the\s+)?(?:cuts|staffing|sickness|budget|vacanc\w+)|beat(?:en|ing|s)?\s+(?:us|me|them|her|him)\s+to\s+it|beat(?:en|ing)?\s+(?:about|around)\s+the\s+bush|(?:off\s+the|well|the)\s+beaten\s+(?:track|path)|beat\w*\s+(?:ourselves|myself|yourself)\s+up|beat\s+my\s+head|(?:banging|bang|bashing|knocking|hitting)\s+(?:my|our|your|a)\s+heads?|(?:at\s+the\s+)?beat\s+the\s+deadline"
    r"|(?:kick\w*|punt\w*)\s+(?:\w+\s+){0,4}?(?:can\s+down|into\s+(?:the\s+)?(?:long\s+grass|touch)|off\s+(?:the\s+)?(?:meeting|process|assessment|discussion|with)|up\s+a\s+(?:fuss|stink))|slap(?:ped)?\s+(?:\w+\s+)?(?:in\s+the\s+face|on\s+the\s+wrists?|dash)|slap\s+(?:on\s+the\s+wrist|in\s+the\s+face)|punch(?:ing|es)?\s+(?:above|below)|pull\w*\s+(?:no\s+|any\s+)?punches|roll\w*\s+with\s+the\s+punches|(?:it\s+)?packs?\s+a\s+punch|bruis\w+\s+(?:ego|egos|relationship|meeting|encounter|exchange|week|conversation|experience|battle|from\s+the\s+meeting|pride)|(?:bruised|battered)\s+(?:and\s+(?:battered|bruised)\s+)?(?:by|after|from)\s+(?:the|that|this)\s+(?:meeting|process|exchange|call|conversation|inspection|experience)|(?:left|feel(?:ing)?|felt)\s+(?:\w+\s+){0,3}?(?:bruised|battered|attacked|bullied|ambushed|got\s+at|beaten\s+up|beaten|burned|burnt)(?:\s+by\s+(?:the|that|this|their|her|his)\s+(?:meeting|email|social|manager|team|process|tone))?"
    r"|burn(?:t|ed|ing)?[\s-]+(?:out|bridges|(?:our|my|the|any|all)\s+bridges|the\s+(?:midnight|candle)|issue|question|platform)|(?:burnt|burned)\s+(?:before|by\s+(?:this|that|them)|out)|bridges\s+(?:burnt|burned)|get(?:ting)?\s+(?:our|their)\s+fingers\s+burnt|fingers\s+burn\w+|crash\w*\s+and\s+burn\w*|burning\s+through|(?:drown\w*|swamped|buried|snowed\s+under|suffocat\w+|chok\w+|strangl\w+|smother\w*)\s+(?:in|under|by|on)\s+(?:\w+\s+)?(?:referrals|work|paperwork|cases|e-?mails?|admin|forms|bureaucracy|red\s+tape|it|process)|drown\w*\s+(?:us|me)\s+in|starv\w+\s+of\s+(?:resources|funding|information|staff|cash|money|attention|oxygen|funds)|(?:starved|strangled|choked|bled)\s+(?:dry|by\s+(?:cuts|bureaucracy|red\s+tape))|death\s+(?:by\s+\w+|spiral|knell)|sick\s+to\s+death|(?:bored|worried|scared|frightened|tickled|done|flogged)\s+to\s+death|(?:flog\w*|beating|flogging)\s+a\s+dead\s+horse|dead\s+(?:end|lock|line|wood|horse|ahead|weight|against|letter|right|keen|set|heat|duck|in\s+the\s+water|slow)|over\s+my\s+dead\s+body|matter\s+of\s+life\s+and\s+death\s+for\s+(?:the\s+)?(?:budget|service)|die[ds]?\s+(?:a\s+death|down|out|on\s+(?:its|the)\s+|off)|dying\s+(?:to\s+(?:know|hear|see|get|go|ask)|for\s+a\s+(?:break|coffee|holiday|cuppa|cup|drink)|out|breath|art)|(?:to\s+)?die\s+for\b|die\s+hard|(?:commit\w*|career|political|professional)\s+(?:career\s+|political\s+|professional\s+)?suicide|suicide\s+(?:mission|pact\s+politics|prevention\s+(?:training|strategy|lead|policy|week|team|group|course|officer|conference|forum|plan))|murder\s+(?:trying|getting|to\s+(?:get|park|find))|(?:get(?:ting)?|gets)\s+away\s+with\s+(?:blue\s+)?murder|scream(?:ing)?\s+blue\s+murder|is\s+murder\b|blood\s+(?:boil\w*|pressure|out\s+of\s+a\s+stone|test\w*|sample|on\s+(?:our|their|my)\s+hands|sweat\s+and\s+tears)|bad\s+blood|new\s+blood|fresh\s+blood|in\s+cold\s+blood|bleeding\s+(?:edge|heart|money|obvious|resources|staff)|cut\s+(?:our|its|their|my)\s+throats?|cut(?:ting)?\s+(?:to\s+the\s+chase|corners|through|me\s+off|us\s+(?:off|out)|off|short|back|costs|services|both\s+ways|no\s+ice|and\s+(?:paste|run|dried)|out\s+of\s+the|the\s+(?:red\s+tape|service|budget))|cut\s?-?throat|axe\s+to\s+grind|(?:the|been|getting|get|given|face|facing|for|got)\s+(?:the\s+)?(?:axe|chop)\b(?=\s*(?:$|\.|,|by|in|this|next|due|and))|axed|hatchet|double[\s-]edged\s+sword|fall\w*\s+on\s+(?:my|our|their|his|her)\s+sword|cross\w*\s+swords|sword\s+of\s+damocles|hammer\w*\s+(?:home|out|it|us|the\s+point|a\s+deal|away)|under\s+the\s+hammer|(?:acid|litmus)\s+test|(?:bomb|bombard|shell)\w*\s+(?:with|us\s+with|shell)|bombshell\w*|dropp?\w*\s+a\s+bomb\w*|explo\w+\s+(?:into|in\s+(?:demand|referrals))|minefield|mine\s?field|battle\w*|fighting\s+(?:a\s+losing|for\s+(?:the\s+child|support|a\s+place|him|her|services|funding)|fires|with\s+(?:csc|mash|the\s+(?:council|system))|to\s+get|our\s+corner|an\s+uphill|tooth)|war\s+zone|war\s+of|warpath|loggerheads|cross\s?fire|firing\s+line|in\s+the\s+trenches|target\w*"
    r"|pass(?:ing|ed)?\s+(?:him\s+|her\s+|them\s+|the\s+(?:child|family)\s+)?(?:around|from\s+pillar)|pillar\s+to\s+post|wild\s+goose|(?:hung|hang|hanging|left\s+hanging)\s+(?:up|out|on\b|around|by\s+a\s+thread|over\s+(?:us|me|them))|hung\s+out\s+to\s+dry|noose\s+around\s+our|jump(?:ed|ing|s)?\s+(?:through\s+(?:\w+\s+)?hoops|to\s+(?:\w+\s+)?conclusions|ship|the\s+queue|at\s+the|on\s+(?:board|the)|in\s+(?:feet|to)|from\s+(?:one|level|early|\w+\s+to)|up\s+and\s+down|off\s+the\s+(?:deep|call|page|fence))|(?:throw\w*|threw|thrown)\s+(?:\w+\s+){0,3}?(?:under\s+(?:the|a)\s+bus|in\s+the\s+towel|out\s+(?:the|our|by)|the\s+(?:book|baby\s+out)|us|me|a\s+spanner|money|off|light)|on\s+the\s+(?:edge\s+of\s+(?:our|my)\s+seat|same\s+page|roof\s+of)|go(?:ne|es|ing)?\s+off\s+the\s+(?:rails|cliff\s+edge)|cliff\s?[\s-]edge|over\s+a\s+barrel|(?:held|hold\w*)\s+(?:us|me|them)?\s*(?:to\s+ransom|hostage)|hostage\s+to\s+(?:fortune|the)|(?:at|with)\s+gun\s?point\s+to|a\s+gun\s+to\s+(?:my|our)\s+head|tied\s+(?:up\s+(?:in|with)|our\s+hands|(?:to|by)\s+(?:the\s+|our\s+)?(?:process|budget|timescales))|hands\s+(?:are\s+)?tied|dragg\w*\s+(?:their|its|his|her|our)\s+(?:feet|heels)|drag(?:ged|ging)?\s+(?:on|out|us\s+(?:into|in|through)|me\s+(?:into|in|through)|her\s+heels)|(?:grabb?\w*|bit(?:e|ten|ing))\s+(?:a\s+(?:coffee|word|minute)|my\s+(?:tongue|lip)|(?:your|my|our|the)\s+hand|(?:off\s+)?more\s+than|my\s+head\s+off|the\s+bullet)|bit(?:ing|ten)?\s+my\s+head\s+off|attack(?:ed|ing)?\s+the\s+(?:problem|report|plan|backlog)|heart\s+attack\s+when|under\s+attack|personal\s+attack|shak(?:e|en|ing|y)\s+(?:up|things|hands|foundation|start|my\s+head|our\s+(?:heads|confidence))|shook\s+(?:up|hands|(?:her|his|my)\s+head|things|our\s+confidence|me\s+up|us\s+all)|shake\s?up|push(?:ed|ing)?\s+(?:us|me|them|him|her)\s+(?:to|from|for|into|out\s+of\s+the\s+process|away|towards|aside)|touch(?:ed|ing|es)?\s+(?:base|upon|on|wood|a\s+nerve|(?:us|me)\s+that)|touch\s+(?:and\s+go|it)\s+with|out\s+of\s+touch|kept\s+in\s+touch|in\s+touch"
    r"|miss(?:ing|ed)\s+(?:the\s+(?:point|boat|mark|trick|woods?|bigger|link|deadline)|a\s+trick|link|piece\w*|in\s+action|information|from\s+the\s+(?:report|minutes|plan|assessment|notes|file|chronology|record\w*|picture|conversation|list|discussion))|(?:social\s+workers?|sw|worker|manager|officer|duty|csc|iro|chair|health\s+visitor)\s+(?:\w+\s+){0,2}?(?:(?:gone|went|goes|going)\s+(?:missing|awol|to\s+ground|off\s+radar)|vanish\w*|disappear\w*)|run(?:ning)?\s+(?:away\s+from\s+(?:the\s+)?(?:issue|problem|responsib\w+)|around\s+after|off\s+(?:our|my)\s+feet|out\s+of\s+(?:time|patience|options|road|steam|ideas)|ragged|into\s+(?:the\s+sand|a\s+brick|problems))|(?:clock|time)\s+(?:is\s+)?running|abus(?:e|ing|ed)\s+(?:of\s+)?(?:the\s+)?(?:process|power|system|position|trust)|abusive\s+(?:e-?mail|phone\s+call|to\s+(?:staff|me|us))|assault\s+course|charm\s+offensive|mugged\s+off|robb\w*\s+peter|daylight\s+robbery|rap(?:ed|ped|e|ping)?\s+(?:on\s+the|over\s+the)\s+knuckles|hot\s+potato|hungry\s+for|thirsty\s+work|food\s+for\s+thought|recipe\s+for|(?:left|leave|leaves|leaving)\s+(?:the\s+)?(?:schools?|nursery|health|midwife|gp)\s+(?:alone|on\s+(?:its|their)\s+own)|(?:left|leave|leaves|leaving|go(?:ing)?\s+it|went|hold\w*\s+(?:the|all|this)\s+\w+|carry\w*\s+(?:the|this|all\s+the)\s+\w+|manage\w*\s+(?:the|this|it)\s*\w*|do(?:ing)?\s+(?:it|this)|cop\w*|deal\w*\s+with\s+(?:it|this|that))\s+(?:us\s+|me\s+|it\s+)?(?:\w+\s+)?(?:alone|on\s+(?:our|my)\s+own)|let\s+alone|leave\s+it\s+alone|stand\s?-?alone|we\s+are\s+not\s+alone|not\s+alone\s+in|alone\s+in\s+(?:thinking|this|feeling)|(?:am|im|are)\s+i\s+alone|home\s+(?:to\s+roost|straight|truths?|run)|(?:left|leave|leaves|leaving)\s+(?:us|me|schools?|health|my\s+team|staff|everyone)\s+(?:\w+\s+){0,3}?(?:in\s+the\s+(?:dark|lurch)|high\s+and\s+dry|to\s+(?:hold|carry|pick)|hanging|exposed|with)|nowhere\s+(?:near|fast)|(?:get(?:ting|s)?|got|go(?:ing|es)?|went|gets\s+us|leads?|leading)\s+(?:us\s+|me\s+)?nowhere|nowhere\s+(?:to\s+be\s+(?:seen|found)|to\s+go\s+with\s+(?:this|it)|to\s+turn)|out\s+of\s+nowhere|middle\s+of\s+nowhere|locked\s+(?:in|into|horns|out\s+of\s+(?:the\s+)?(?:system|process|meeting|discussion|decision\w*|mosaic|record\w*|account|file|liquid\s?logic|portal|loop))|shut\s+(?:us|me|the\s+school)\s+(?:out|down)|shut\s+(?:out|down)|high\s+as\s+a\s+kite\s+on|crack(?:ed|ing|s)?\s+(?:on|through|the\s+(?:code|problem)|appear|in\s+the\s+system)|(?:fall\w*|fell|slip\w*)\s+(?:\w+\s+){0,3}?(?:cracks?|net|gaps?|wayside)|spice\s+(?:it|things)\s+up|trap(?:ped)?\s+in\s+(?:a\s+)?(?:loop|process|system|bureaucracy)|ghosted|gone\s+(?:cold|quiet|to\s+ground)|knocked\s+(?:out|back|down)\s+(?:by|at)\s+(?:the\s+)?(?:screening|mash|duty|front|social|csc|panel|team)|won?t\s+eat\s+(?:the\s+)?(?:school\s+dinners?|vegetables|lunch)|threat\w*\s+to\s+(?:move\s+(?:him|her|them)\s+(?:to|school)|complain|sue|withdraw|take\s+(?:legal|it\s+further)|go\s+to\s+the\s+(?:press|papers|ombudsman))|threatening\s+(?:legal|to\s+complain)|fire(?:d)?\s+(?:off|back|an?\s+e-?mail|drill|alarm|questions)|red\s+flags?|trigger\w*|flash\w*\s?point|time\s?bomb|loose\s+cannon|weapon\s+of\s+choice|weaponis\w+|secret\s+weapon|(?:safe|better)\s+(?:than\s+sorry|to\s+(?:say|assume)|pair\s+of\s+hands|side|bet)|in\s+danger\s+of\s+(?:losing\s+(?:sight|the\s+plot|momentum)|going\s+round|drift\w*|becoming\s+(?:a|another)|repeating|missing|forgetting|closing|the\s+(?:plan|case)|turning\s+into|being\s+(?:closed|lost\s+in|overlooked|forgotten|dropped|downgraded|stepped|drowned|permanently\s+excluded|excluded|sidelined|shelved))|danger\s+(?:is\s+(?:that\s+)?(?:we|the\s+plan|they|it)|here\s+is|of\s+(?:drift|duplicat\w+|losing|silos))|(?:risk|danger)\s+of\s+(?:drift\w*|duplicat\w+|exclusion|permanent\s+exclusion|closing|losing|delay|things\s+slipping|assum\w+)|emergency\s+(?:funding|meeting|duty\s+team|contact\w*|core\s+group|budget|cover|plan\w*|professionals|service\s+plan)|not\s+an\s+emergency"
    r"|(?:cant|cannot)\s+wait\s+(?:to|for\s+(?:my|the\s+(?:holidays|weekend|end)))|scared\s+(?:of\s+(?:the\s+(?:paperwork|manager|consequences|scrutiny)|ofsted|making\s+a\s+decision|getting\s+it\s+wrong|rocking)|to\s+(?:challenge|speak|say|escalate|upset|make\s+a\s+decision))|(?:im|i\s+am|we\s+are|were|i|staff\s+are)\s+(?:\w+\s+){0,2}?(?:scared|afraid|frightened|terrified|worried\s+sick|worried\s+to\s+death)\s+(?:to|of|that|about)\s+(?:\w+\s+)?(?:challeng\w*|escalat\w*|speak\w*|upset\w*|raise|rais\w+|say\w*|ask\w*|push\w*|contact\w*|phone|ring|wast\w+|look\w*|getting\s+(?:it|this)|losing\s+my|com\w+\s+across|ruin\w*|damag\w*|the\s+(?:relationship|consequences|manager|backlash|social))|im\s+afraid|i\s+am\s+afraid|were\s+afraid\s+(?:that\s+)?(?:the|its|it)|afraid\s+so|afraid\s+not)"
)  # fmt: skip

_DENIAL = re.compile(
    r"\b(?:no|not|nor|never|without|none|nobody|no\s?one|neither|isnt|wasnt|werent|arent|aint|hasnt|havent|hadnt|didnt|doesnt|dont|cant\s+see|couldnt\s+see|cannot\s+see|den(?:y|ies|ied|ying)|rul(?:ed|ing|es)\s+out|ruling\s+out|absence\s+of|free\s+(?:of|from)|lack\s+of|nothing\s+to\s+(?:suggest|indicate|say)|unlikely|no\s+longer|wont|wouldnt|rather\s+than|instead\s+of|as\s+opposed\s+to|disproved|unfounded|unsubstantiated)\b"
)
_DENIES_SOMETHING_ELSE = re.compile(
    r"\b(?:believ\w*|act(?:ed|ing)?|respon\w*|repl\w*|call\w*|answer\w*|explain\w*|explanation|understand\w*|seem\w*|care[ds]?|listen\w*|tak(?:e|en|ing)|record\w*|logg?\w*|investigat\w*|plan\w*|action\w*|help\w*|visit\w*|look\w*|reason\w*|strategy|strat|told|tell\w*|shar\w*|inform\w*|want\w*|wish\w*|stop\w*|prevent\w*|protect\w*|just|only|doubt|first|matter|sure|certain|idea|clue|one\s+(?:is|will|has|wants|cares|seems|did|would|from|at|in)|address\w*|ask(?:ed|ing)?|assess\w*|mention\w*|consider\w*|take|meet\w*|even|wait\w*|interested|bother\w*|worr\w+|concern\w*|follow\w*|contact\w*|support\w*|happy|done|do\b|make|get|send|sent|referr?\w*|accept\w*|agree\w*|allow\w*|longer\s+(?:safe|able)|treat\w*|threshold|meet|account|enough|good|attend\w*|despite|even\s+though|after|when|because|although|that\s+(?:he|she|they)|how|why|what|who|where|if|whether|unless|until|and|promise|guarantee|progress|sleep\w*|school|cope|control|manag\w*|trust\w*|talk\w*|speak\w*|open\s+up|disclos\w*\s+(?:how|who|why)|say\s+(?:how|who|why|where|what)|know\w*|think\s+(?:its|it\s+is)\s+(?:serious|enough|right))\b"
)
_DENIED_BELIEF = re.compile(
    r"\b(?:(?:i|we)\s+(?:do\s+not|dont|didnt|did\s+not)\s+(?:think|believe|feel|suspect|have\s+(?:any\s+)?(?:concern\w*|evidence|reason|worr\w+)|see)|(?:im|i\s+am|were|we\s+are)\s+not\s+(?:\w+\s+)?(?:worried|concerned|saying|suggesting|aware|alleging)|not\s+(?:saying|suggesting|that|a\s+case\s+of|about|due\s+to|because\s+of|related\s+to)|no(?:t\s+any)?\s+(?:\w+\s+){0,1}?(?:concerns?|worr\w+|suggestion|evidence|indication\w*|sign\w*|reports?|history|disclosure\w*|suspicion|question|mention|immediate|current|thoughts?|record|allegation\w*|talk|hint|intent\w*|plans?)\s+(?:\w+\s+){0,2}?(?:of|about|that|to|for|or))\s+(?:\w+\s+){0,6}$"
)
_CANNOT_PROMISE = re.compile(
    r"\b(?:cant|cannot|couldnt|not|wont|no)\s+(?:\w+\s+)?(?:promise|guarantee|sure|certain|rule\s+out|say)\b"
)
_OWN_EYES = re.compile(
    r"\b(?:but|however|yet|though|except|whereas)\b[^.;!?]{0,25}\b(?:i|we|ive|weve|my|our|the\s+(?:school|nurse|teacher|gp|doctor|photos?|health)|there|she|he|it|today|now|staff)\b\s*(?:\w+\s+)?(?:saw|seen|see|noticed|found|know|heard|disagree|think|believe|has|have|had|is|are|was|were|can|cant|isnt|s\b|photos?|show|photographed|witnessed|recorded)|\b(?:i|we)\s+(?:saw|have\s+seen|can\s+see|noticed|found|witnessed|photographed|disagree)|\b(?:ive|weve|i\s+have|we\s+have)\s+(?:\w+\s+){0,2}(?:photo\w*|pictures?|seen|proof|evidence)|thats\s+(?:not\s+true|wrong|a\s+lie)|it\s+cant\b|its\s+not\s+true"
)
_ASKED = re.compile(
    r"\b(?:if\s+(?:a|an|any|one\s+of|someone|somebody|something|children|kids|pupils|there\s+(?:is|was|were|are)\s+(?:a|an|ever|any|evidence)|you|we\s+(?:ever|have|had|think|thought|suspect\w*|get|got|see)|i\s+(?:ever|have|had|think|thought|suspect\w*|see|saw|hear|found|find|got)|it\s+(?:was|were|is|ever)|this\s+(?:was|were)|that\s+(?:was|were)|parents?|staff|it\s+ever|things|they\s+(?:were|ever)|he\s+(?:were|was\s+ever|ever)|she\s+(?:were|was\s+ever|ever)|the\s+child\s+(?:were|was|had|is\s+ever))"
    r"|if\s+i\s+think\s+a|^\s*do(?:es)?\s+an?\b|assignment|essay|dissertation|what\s+if\s+(?:a|an|any|someone|somebody|there|one\s+of|it|the\s+child\s+(?:were|was))|suppos(?:e|ing)|hypothetical\w*|in\s+theory|theoretical\w*|in\s+general|generally\s+speaking|generally|say\s+a\s+\w+|imagine|for\s+(?:example|instance)|e\.?g\.?\b|such\s+as|in\s+the\s+event|were\s+to\b|should\s+(?:a|any)\s+(?:child|pupil|young|parent|student|baby)|(?:when|whenever|where)\s+(?:a|an|any)\s+(?:child|pupil|young|parent|student|baby|infant)|just\s+(?:asking|wondering|curious)|wondering\s+(?:what|how|about|if)|case\s+(?:study|example|scenario)|scenario|quiz|exercise|in\s+(?:the\s+)?(?:training|a\s+training|a\s+course|an\s+inset)|(?:training|course|webinar|inset|module|workshop|assembly|lesson|leaflet|poster|newsletter|policy|guidance|procedure|strategy|article|book|documentary|lecture|briefing|audit|survey|report\s+on|statistics|research|serious\s+case\s+review|practice\s+review|learning\s+review)\s+(?:\w+\s+){0,3}?(?:about|on|for|covers?|covering|says?|mentions?|includes?|around|regarding|into|is)"
    r"|if\s+(?:a|an)\s+\w+\s+(?:told|tells|said|says|disclose\w*)|lets\s+say\s+(?:a|an)|^\s*(?:(?:who|what|how)\s+(?:would|should|do|can)\s+(?:i|we|staff|you)\b[^.;!?]{0,40}\b(?:if|when)|when\s+would\s+an?|(?:can|could)\s+(?:you|someone)\s+(?:please\s+)?explain\s+what)\b"
    r"|(?:what|who|how|when|where|which|does|do|is|are|can|could|would|should)\b[^.;!?]{0,70}\b(?:counts?\s+as|mean\w*|difference|define[ds]?|definition|qualif\w+|covered|cover|policy|guidance|procedure|process|threshold\s+for|considered|classed|stages?|happens\s+(?:if|when)|would\s+(?:i|we|you|happen)|should\s+(?:i|we|you|staff)|do\s+(?:i|we|you)|contact|ring|report))\b"
)
_REAL_CHILD = re.compile(
    r"\b(?:he|she|hes|shes|him|her|his|this\s+(?:child|boy|girl|baby|family|lad|pupil|young|morning|afternoon|week)|the\s+(?:boy|girl|baby|twins|lad|mum|dad|mother|father|stepdad|kids|children|brother|sister)|mums?|dads?|my\s+(?:pupil|patient|student)|(?<!if\s)(?<!say\s)(?<!when\s)(?<!suppose\s)(?:a|our|one\s+of\s+our|one\s+of\s+my)\s+(?:pupil|student|child|boy|girl)\s+(?:has|is|just|told|came|says|said)|tonight|today|this\s+morning|just\s+(?:told|disclosed|said|found|seen|rung|rang|come|now|been)|has\s+just|right\s+now|at\s+the\s+moment|yesterday|last\s+night|year\s+\d+\s+(?:girl|boy|pupil|student)\s+(?:has|is|just|told|came|says|said)|\d+\s*(?:yo|year\s+old|yr\s+old))\b"
)
_SUBJECT_AFTER = re.compile(
    r"^\s*(?:s?\s*(?:persons?\s+)?(?:co-?ordinator|team|unit)|categor\w+|has\s+left|training|polic(?:y|ies)|procedures?|guidance|leads?\b|teams?\b|services?\b|panels?\b|pathways?|awareness|strateg(?:y|ies)|forms?\b|courses?|workers?\b|advis[eo]rs?|advocates?|co-?ordinators?|champions?|support\s+(?:service|worker|group|team)s?|clinics?|nurses?|charit\w+|conferences?|webinars?|lessons?|assembl\w+|leaflets?|statistics|data|definitions?|tool\s?kits?|screening|units?\b|hubs?\b|specialists?|forums?|partnerships?|officers?|prevention|modules?|e-?learning|certificates?|refresher|amnest\w+|arch(?:es)?\b|crime\s+(?:week|plan|strategy|team|talk|workshop)|education\s+(?:officer|team)|protocol|template|checklist|meetings?|steering|campaign|programmes?|risk\s+assessment\s+(?:template|form|training)|services|history)"
)
_SUBJECT_BEFORE = re.compile(
    r"\b(?:categor(?:y|ies)(?:\s+(?:is|are|of|was|should\s+be))?|lead\s+for|plans?\s+(?:for|under)|under\s+the\s+category\s+of|registered\s+(?:for|under))\s+(?:\w+\s+){0,2}$|\b(?:training|course|policy|guidance|procedure|leaflet|webinar|poster|lessons?|assembly|newsletter|briefing|article|module|workshop|definition|statistics|conference|strategy|talk|session|book|film|toolkit|audit|presentation|display|questionnaire|display\s+board|chapter|section)\s+(?:\w+\s+){0,2}?(?:on|about|for|covers?|covering|around|regarding|called|titled)\s+(?:\w+\s+){0,4}$"
)
_ALLEGED = re.compile(
    r"\b(?:staff|teacher|ta|assistant|carer|coach|volunteer|officer|social\s+worker|key\s?worker|nursery\s+worker|worker|colleague|tutor|childminder|nurse|driver)\b[^.;]{0,60}\b(?:accused|allegation\w*|alleged\w*)|\b(?:accused|allegation\w*)\b[^.;]{0,60}\b(?:staff|teacher|ta|assistant|carer|coach|volunteer|officer|social\s+worker|worker|colleague|tutor|childminder|nurse)\b"
)
_CALLED = re.compile(
    r"\b(?:(?:i|we)(?:\s+have|ve)?|ive|weve|have|already|just|done)\s+(?:\w+\s+){0,3}?(?:called|rung|rang|phoned|dialled|off\s+the\s+phone\s+to)\s+(?:\w+\s+)?(?:999|an?\s+ambulance|the\s+ambulance)|999\s+(?:has\s+been\s+)?called|ambulance\s+(?:is\s+|are\s+|has\s+)?(?:coming|been\s+called|on\s+(?:its|the)\s+way|here|came|arrived)"
)
_GOES_ON = re.compile(
    r"\b(?:again|still|now|today|tonight|tomorrow|this\s+(?:morning|afternoon|evening|week|weekend)|just|yesterday|last\s+night|on\s+\w+day|ongoing|continu\w+|keeps?|currently|at\s+the\s+moment|as\s+we\s+speak|every\s+(?:day|night|week|weekend|time)|escalat\w+|getting\s+worse|worse|same\s+(?:marks?|man|thing|again)|new|fresh|more|back\s+(?:in|at|with|home|living)|returned|happening|fears?|going\s+to|will\s+be|scared|wants?|wont|moved\s+back|come\s+back|released)\b"
)
_LONG_AGO = re.compile(
    r"\b(?:(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|many|several|some|few|couple\s+of)\s+(?:years?|yrs?)\s+(?:ago|back|earlier|previously|old\s+(?:incident|referral|case|concern|allegation))|(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|several|many|some|few)\s+months\s+(?:ago|back|earlier)|(?:a\s+)?(?:year|while|long\s+time|long\s+while)\s+ago|years\s+(?:ago|back|before)|months\s+ago|long\s+ago|last\s+(?:year|summer|spring|winter|autumn|christmas|easter)|histori\w*|in\s+the\s+past|previous(?:ly)?|formerly|years\s+since|used\s+to|back\s+(?:in|when)|in\s+(?:19|20)\d\d|since\s+(?:19|20)\d\d|as\s+a\s+(?:child|baby|toddler|teenager)(?:\s+(?:herself|himself))?|when\s+(?:he|she|they|mum|dad|the\s+\w+)\s+(?:was|were)\s+(?:\w+\s+){0,3}?(?:little|young\w*|small|a\s+(?:baby|child|toddler|teenager|kid)|in\s+(?:reception|nursery|primary|year|care|infants)|born|\d+|at\s+(?:primary|nursery|his\s+last|her\s+last))|in\s+(?:year\s+\d+|reception|primary)\b(?!\s+(?:girl|boy|pupil|student|child))|(?:in|at)\s+(?:his|her|their)\s+(?:childhood|last\s+school|previous\s+school|old\s+school)|own\s+childhood|childhood|before\s+(?:he|she|they|the\s+family)\s+(?:moved|came|was\s+born|were\s+born|started)|history\s+of|past\b|the\s+(?:old|original|earlier|first|initial)\s+(?:incident|referral|concern\w*|injury|allegation|assault))\b"
)
_DEALT_WITH = re.compile(
    r"\b(?:(?:was|were|been|all|fully|since|already|is|has\s+been|got|its|that\s+was)\s+(?:\w+\s+){0,3}?(?:dealt\s+with|resolved|investigated|sorted|closed|concluded|settled|addressed|explained\s+(?:by|as|and)|healed|treated|found\s+safe|found\s+(?:and|safe|within|at\s+(?:his|her|home)|an\s+hour|later|quickly)|returned\s+(?:home\s+)?safe\w*|safe\s+(?:and\s+well|now|since)|convicted|jailed|imprisoned|ruled\s+out|unfounded|checked|accident\w*|safeguarded|reviewed\s+by|seen\s+by\s+(?:the\s+)?(?:hospital|paediatrician|doctor))|dealt\s+with|no\s+longer\s+(?:lives?|living|in|has|a\s+(?:concern|risk)|any|self|sees|at\s+home|there|with|around|happening|an\s+issue)|(?:safe|safely|settled|happy|thriving|well)\s+(?:now\s+)?(?:in|with|at)\s+(?:\w+\s+)?(?:foster\w*|placement|nan\w*|gran\w*|her|his|carers?|refuge|aunt\w*|new\s+home|mum|dad)|in\s+(?:prison|custody|jail)|serving\s+(?:\w+\s+)?(?:sentence|years)|moved\s+(?:out|away)\s+(?:\w+\s+){0,3}?(?:ago|since|last\s+year|in\s+20)|left\s+(?:him|her|the\s+relationship)\s+(?:\w+\s+)?(?:years?|months)|(?:has|have)\s+(?:since\s+)?(?:died|passed\s+away)|nothing\s+since|not\s+happened\s+(?:again|since)|hasnt\s+happened\s+(?:again|since)|no\s+(?:further\s+|repeat\s+)?(?:incidents?|concerns?|episodes?|repeat|recurrence|contact)\s+since|never\s+(?:happened\s+)?again|stopped\s+(?:\w+\s+)?(?:last|years|months|ago|in\s+20|when)|turned\s+out\s+(?:to\s+be|it\s+was|that|fine|ok)|false\s+alarm|birth\s?mark|mongolian\s+(?:blue\s+)?spots?|blue\s+spots?|accidental(?:ly)?|fell\s+off\s+(?:his|her|the|a)\s+(?:bike|scooter|swing|trampoline|climbing)|football\s+(?:injury|match|practice)|playing\s+(?:football|rugby|in\s+the\s+playground)|at\s+(?:rugby|football|pe|gymnastics|karate|judo)|consistent\s+with\s+(?:the\s+)?(?:explanation|account|accident|what)|(?:from|at|during|by|in)\s+(?:\w+\s+)?(?:football|boxing|judo|karate|rugby|skating|sparring|gymnastics|trampolining|dance|netball|cricket\s+practice|pe\b|an?\s+bramble|catching\s+a\s+ball)|skating|sparring|cat\s+scratch|on\s+a\s+bramble|(?:gp|doctor|hospital|paediatrician|consultant)\s+(?:is\s+|are\s+|was\s+)?(?:happy|satisfied|not\s+concerned|had\s+no\s+concerns|is\s+monitoring)|not\s+since\b|by\s+mistake|explanation\s+(?:fits|is\s+consistent)|account\s+fits|(?:was|were)\s+(?:thought|believed)\s+to\s+be\s+missing|and\s+(?:hes|shes|is)\s+fine\s+now|staff\s+saw\s+it|school\s+keeps\s+a\s+spare|her\s+sister\s+helps|witnessed\s+(?:by\s+staff\s+)?(?:fall|accident)|playground\s+(?:accident|fall|bump)|(?:having|such)\s+(?:fun|a\s+good\s+time)|enjoying|no\s+wifi|boring|bored|likes\s+being)\b"
)
_NOT_ACCIDENT = re.compile(r"\b(?:non[\s-]?accident\w*|not\s+accident\w*|inconsistent|not\s+consistent)")
_RECENT = re.compile(
    r"\b(?:yesterday|last\s+night|this\s+(?:week|weekend|morning|afternoon)|over\s+the\s+weekend|at\s+the\s+weekend|last\s+(?:week|weekend|mon\w*|tue\w*|wed\w*|thu\w*|fri\w*|sat\w*|sun\w*)|on\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day|again|keeps?|ongoing|every\s+(?:day|night|week|weekend)|recent\w*|escalat\w*|getting\s+worse|(?:\d+|two|three|few|couple\s+of)\s+days\s+ago|in\s+front\s+of|witness\w*|in\s+the\s+home|at\s+home|continu\w*|still)\b"
)
_NOW = re.compile(
    r"\b(?:now|right\s+now|today|tonight|tomorrow|this\s+(?:morning|afternoon|evening|minute|second)|as\s+we\s+speak|at\s+the\s+moment|currently|just\s+(?:rang|rung|called|told|said|seen|heard|disclosed|come|arrived|turned|been|found|had|texted|messaged|phoned|walked|now)|outside|has\s+got\s+a|hes\s+got|shes\s+got|is\s+(?:in|at|on|with|threatening|holding|bleeding|unconscious|refusing|missing|hitting|trying)|(?:hes|shes|theyre)\s+(?:in|at|on|with|threatening|holding|bleeding|unconscious|hitting|trying|being|going)|are\s+fighting|straight\s+away|immediate\w*|imminent\w*)\b"
)
_WHO_SAYS_NOT = re.compile(
    r"\b(?:they|csc|mash|social\s+worker|sw|police|duty|manager|team|camhs|hospital|gp|school|ward|worker|doctor)\s+(?:\w+\s+){0,2}?(?:say|says|said|think|thinks|reckon\w*|claim\w*|insist\w*|told\s+us|told\s+me|feel|feels|believe\w*|maintain\w*)\b"
)
_YEARS_OLD_ENOUGH = timedelta(days=60)


def figures_removed(words: str) -> str:
    """Return the text with figures of speech blanked out, every position kept."""
    return _FIGURES.sub(lambda match: " " * len(match.group()), words)


def is_denied(words: str, sentence: Span, match: re.Match[str]) -> bool:
    """Say whether the match is said not to be so, by somebody the practitioner does not gainsay."""
    clause = around(list(clauses(words, sentence)) or [sentence], match.start())
    before = words[max(clause.start, sentence.start) : match.start()]
    if _DENIED_BELIEF.search(before):
        return not _gainsaid(words, sentence, match)
    cues = list(_DENIAL.finditer(before))
    if not cues:
        return False
    between = before[cues[-1].end() :]
    if _CANNOT_PROMISE.search(before):
        return False
    if len(between.split()) > 6 or _DENIES_SOMETHING_ELSE.search(between):  # noqa: PLR2004
        return False
    return not _gainsaid(words, sentence, match)


def _gainsaid(words: str, sentence: Span, match: re.Match[str]) -> bool:
    """ "They say no bruises, but I saw them": the practitioner's own eyes count."""
    own = _OWN_EYES.search(words, match.end(), min(len(words), sentence.end + 160))
    reported = _WHO_SAYS_NOT.search(words, max(0, sentence.start), match.start())
    return bool(own and reported)


def is_supposed(words: str, sentence: Span, match: re.Match[str]) -> bool:
    """Say whether the sentence is a general question or a supposition about no real child."""
    said = words[sentence.start : min(len(words), sentence.end + 1)]
    if not _ASKED.search(said):
        return False
    return not _REAL_CHILD.search(said)


def is_subject(words: str, sentence: Span, match: re.Match[str]) -> bool:
    """Say whether the words name a service, a course or a policy and not an event."""
    said = words[sentence.start : sentence.end]
    if _ALLEGED.search(said) and not _NOW.search(said):
        return True
    if any(call.start() <= match.start() <= call.end() for call in _CALLED.finditer(words)):
        return True
    if _SUBJECT_AFTER.match(words[match.end() : sentence.end]):
        return True
    return bool(_SUBJECT_BEFORE.search(words[sentence.start : match.start()]))


def is_past(words: str, sentence: Span, match: re.Match[str], today: date) -> bool:
    """Say whether it is long ago or dealt with, and nothing says that it goes on."""
    said = words[sentence.start : sentence.end]
    clause = around(list(clauses(words, sentence)) or [sentence], match.start())
    own = words[clause.start : clause.end]
    long_ago = bool(_LONG_AGO.search(said)) or _old_date(said, today)
    dealt = bool(_DEALT_WITH.search(said) or _dealt_next(words, sentence))
    if dealt and _NOT_ACCIDENT.search(said):
        dealt = False
    if not (long_ago or dealt):
        return False
    heard = own if long_ago and dealt else said
    return not _GOES_ON.search(_NOW_WELL.sub(" ", heard))


_NOW_WELL = re.compile(
    r"\b(?:is\s+)?now\s+(?:\w+\s+)?(?:thriving|safe|settled|well|happy|closed|adopted|resolved|doing\s+well|in\s+(?:foster|a\s+good|prison))"
)


def _dealt_next(words: str, sentence: Span) -> bool:
    """The next sentence can close it: "She was hit last year. That was dealt with." """
    after = words[sentence.end + 1 : sentence.end + 80]
    return bool(re.match(r"\s*(?:that|it|this|all|dealt)\b", after) and _DEALT_WITH.search(after))


def _old_date(said: str, today: date) -> bool:
    found = find_dates(said, today)
    days = [*found.dates, *(item.latest for item in found.ranges)]
    return bool(days) and all(day < today - _YEARS_OLD_ENOUGH for day in days)


def when_said(words: str, sentence: Span, match: re.Match[str], today: date) -> str:
    """Return when it happens by the words of its sentence: now, recent or unknown."""
    said = words[sentence.start : sentence.end]
    if _NOW.search(said):
        return "now"
    return "recent" if _RECENT.search(said) else "unknown"


_CALM = re.compile(
    r"\b(?:settled|happy|happier|happily|fine|(?<!as\s)well|thriving|enjoy\w*|likes?|liked|good(?!\s+hiding)|better(?!\s+off)|lovely|healthy|growing|made\s+(?:friends|up)|on\s+the\s+right\s+line|improv\w+|ok|okay|(?:house|home|bedrooms?)\s+(?:was|were|is|are)\s+(?:clean|tidy|warm)|tidy|friendly|adopted|in\s+prison|jailed|recovered|no\s+(?:concerns|worries|evidence|signs?)|safe\s+(?:at\s+the\s+moment|and|in|with|placement|now)|(?:years?|months)\s+ago|welcome\s+support|mum\s+agrees|ended\s+in|last\s+relationship|nothing\s+(?:he|she|they)\s+said|an?\s+old\s+\w+|lost\s+his|lost\s+her|homework|lessons?|maths|exams?|timetable|assembly|detention|hearing\s+aids|glasses|jabs|tonsils|appendix|parking|notice\s+board|holiday|burnt\s+out|off\s+sick)\b"
)
_STILL = re.compile(
    r"\b(?:but|still|again|tonight|today|says|said|they\s+say|not\s+(?:well|safe|fine|happy|ok|good)|isnt|until|scared|afraid|frightened|terrified)\b"
)


def sounds_calm(words: str) -> bool:
    """Say whether a text without any words of danger tells of things going well or long over."""
    return bool(_CALM.search(words)) and not _STILL.search(words)


_MENACE = re.compile(
    r"\b(?:made\s+(?:him|her|them|me|to)|(?:didnt|doesnt|dont)\s+want|touch\w*|hit\w*|hurt\w*|harm\w*|bit(?:e|es|ten)|burn\w*|bruis\w*|marks?|blood\w*|bleed\w*|throat|neck|head|drugs?|drunk|drink|knife|blade|gun|kill(?:s|ed|ing)?|dead|die[ds]?|dying|alone|tonight|midnight|night|naked|videos?|photos?|pictures?|secret|(?<!young\s)man|men|blokes?|lads|older|scared|terrified|frightened|begg?\w*|please|engage\w*|wedding|marr\w+|sort\s+(?:him|her|them)\s+out|put\s+out|thrown|kicked|chucked|dumped|evict\w*|nowhere|nothing\s+(?:arranged|in)|food|eat\w*|fed|hungry|insulin|pills|tablets|meds|gang|weapon|locked|tied|screams?|screaming|crying|shaking|flinch\w*|danger\w*|unsafe|emergency|abus\w+|assault\w*|violen\w+|police|bail|licence|register|convicted|offender|runaway|ran|disappeared|vanished|asleep|unconscious|sleeps?|bed|bath|car|window|roof|bridge|road|fire|petrol|note|goodbye|rope|cut\w*|baby|toddler|newborn|year\s+old)\b"
)


def sounds_menacing(words: str) -> bool:
    """Say whether a text holds a word that danger is often told with. Many harmless ones do too."""
    return bool(_MENACE.search(words))
