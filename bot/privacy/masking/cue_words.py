"""Words that show whether the word beside them is a person's name."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _set(
    "mr mrs ms miss mx dr doctor prof professor rev reverend sir lady dame pc dc ds dci sgt "
    "sergeant wpc cllr councillor father-in-law pastor imam rabbi mister missus auntie uncle "
    "aunty"
)
BEFORE_A_RANK = _set("police detective response")
RANKS = _set("pc dc ds di dci sgt sergeant wpc")
BEFORE_A_RANK = _set("police detective acting temporary")
KIN = _set(
    "mum mummy mom mam mother dad daddy father brother bro sister sis son daughter nan nana "
    "nanny gran granny grandma grandmother grandad granddad grandpa grandfather aunt auntie "
    "aunty uncle cousin partner boyfriend girlfriend bf gf husband wife fiance fiancee ex "
    "ex-partner stepdad stepmum step-dad step-mum stepfather stepmother step-father "
    "step-mother stepson stepdaughter stepbrother stepsister twin twins sibling siblings baby "
    "toddler child kid boy girl lad lass pupil student teenager teen newborn infant friend "
    "mate neighbour carer carers foster-carer nephew niece grandson granddaughter grandchild "
    "youngest eldest oldest middle younger older little bub brothers sisters daughters sons "
    "children kids boys girls pupils parents parent lodger yp patient client learner victim "
    "perpetrator suspect half-brother half-sister guardian unborn bump complainant subject tenant"
)
ROLES = _set(
    "worker sw ssw teacher tutor head headteacher deputy manager tm nurse hv visitor midwife "
    "gp officer constable dsl ddsl iro lado colleague chair lead psychologist therapist "
    "counsellor solicitor keyworker key-worker practitioner consultant paediatrician "
    "supervisor director judge magistrate caretaker landlord landlady coach vicar cleaner "
    "childminder secretary receptionist mentor senco sencos coordinator co-ordinator "
    "advisor adviser inspector detective pcso governor principal barrister guardian "
    "psychiatrist registrar matron caseworker superintendent commander worker's "
    "safeguarding-lead named boss assistant"
)
# After these, even a lower-case word that is on no list is somebody's name.
INITIALS = _set("initials initialled")
CALLED = _set("called named nicknamed aka surname forename christened initials")
NAMES_SAID = _set("real full first legal birth proper true maiden last middle family other own")
GREETINGS = _set(
    "hi hello dear hey hiya regards thanks cheers from cc attn signed wishes sincerely"
)
CONTACT = _set(
    "with w abt about told rang phoned emailed e-mailed texted met asked messaged contacted "
    "visited "
    "saw seen regarding re concerning involving chased informed updated for by to and hit "
    "abused groomed assaulted hurt punched collected interviewed"
)
# What a person can have: after "X's".
OWNED = KIN | _set(
    "family home house flat school class teacher social worker sw case plan behaviour arm "
    "arms leg legs face head back cheek neck bruise bruises bruising injury injuries story "
    "account phone bedroom room foster nursery gp attendance tutor head key safety welfare "
    "birthday dob date nhs upn address name surname medication diagnosis disclosure needs "
    "file record records referral chronology ehcp solicitor placement grandparents "
    "relationship health voice wishes views situation care keyworker hv midwife clothes hair "
    "weight mood life death birth pregnancy unborn consultant iro conference review siblings "
    "stomach eye eyes hand hands wrist wrists"
)
AGE_WORDS = _set("aged age dob d.o.b yr yrs yo y/o y.o")
# Finite verbs whose subject is a person, and that rarely follow an everyday noun.
SAYING = _set(
    "said says sed told tells asked asks rang phoned texted emailed disclosed discloses "
    "reported reports refused refuses agreed agrees disagreed cried cries screamed shouted "
    "shouts lives lived admitted admits alleges alleged claimed claims denies denied "
    "confirmed explained insisted insists smokes drinks thinks thought wants wanted knows "
    "knew loves hates went goes came comes attends attended absconded self-harms self-harmed "
    "punched kicked slapped hit hits begged apologised replied replies reckons promised "
    "whispered stated states ran walked arrived presented presents threatened threatens "
    "visited visits collected collects seems seemed looked told"
)
COPULAS = _set(
    "is was has had isnt isn't wasnt wasn't hasnt hasn't hadnt hadn't does doesnt doesn't did "
    "didnt didn't gets got keeps kept needs needed feels felt"
)
MODALS = _set("would wouldn't wouldnt could couldn't couldnt should won't wont can't cant cannot")
FINITE = (
    SAYING
    | COPULAS
    | MODALS
    | _set(
        "will can must might may left stays stayed made makes gave gives took takes turned missed "
        "used uses started starts stopped moved looks looked pushed sent never always also still "
        "just who whose and or but because when then again today yesterday again, now been"
    )
)
AFTER_NAME = FINITE | _set(
    "at in on to for with about from of the a an if as that this his her their my our we i he "
    "she they after before since not tonight this last re via & / by so while until yet too "
    "please pls"
)
DETERMINERS = _set(
    "the a an this that these those his her their my our your its no any some every each "
    "another much more most one two three in of by since until till from next last during new "
    "old first black red blue big small little such what which whose very so too as than "
    "through"
)
# In lower case before a verb, these are verbs or nouns, not names.
AUXILIARY = _set("will may can might must art mark hope sue chase drew rose bill skip pat")
# After a person and before what may be done to somebody, these are no names: "dad will hit him".
FUTURE = _set("will may must")
# Verbs whose past is the same word, so that "will hit" could be what Will did.
SAME_IN_THE_PAST = _set("hit hurt beat cut put let set shut burst come run burn")
# A child's colour, which is no name: "baby grey and floppy".
COLOURS = _set("grey gray")
BESIDE_A_COLOUR = _set(
    "is was looks looked looking look gone went going turned turning turns all bit very so and "
    "skin face lips pale blue cold floppy limp clammy mottled sweaty white quiet sleepy at in on "
    "when by round around"
)
CONJUNCTIONS = _set("and & + / or n")
PLACE_BEFORE = _set(
    "in at near to from around outside towards within across of round into via through"
)
INSTITUTIONS = _set(
    "council hospital school schools academy college university primary infant infants junior "
    "juniors secondary nursery centre center surgery clinic practice trust partnership "
    "borough city county district town police mash station constabulary court house park road "
    "street green ward unit foundation inquiry review report group services service hub board "
    "church mosque temple gurdwara infirmary hospice home scscp lscb scb lscp authority csc "
    "social children's childrens childrens' front camhs nhs airport university area office "
    "team safeguarding family high grammar"
)
# First names that hospitals, schools and reviews are named after.
PATRONS = _set(
    "victoria elizabeth george alexandra margaret charles james john thomas mary edward henry "
    "luke william harvey anne andrew peter paul michael martin nicholas joseph francis "
    "catherine helen helena bartholomew david patrick stephen christopher gabriel mark philip "
    "bernadette clare augustine anselm simon mildred edmund cuthbert oswald alban bede aidan "
    "wilfrid saviour"
)
CLASS_WORDS = _set("year yr y class form set reception nursery foundation ks grade yrs")
MONTHS = _set(
    "jan january feb february mar march apr april may jun june jul july aug august sep sept "
    "september oct october nov november dec december"
)
ORDINALS = _set("st nd rd th ndary ary")
# Abstract nouns that can begin a sentence without an article.
ABSTRACT = _set(
    "hope faith joy dawn summer autumn winter spring art patience honour honor justice mercy "
    "grace prudence praise honey precious innocent miracle blessing rejoice gladness"
)
BEING = _set(
    "at in with being staying living not now aged very back home safe scared frightened "
    "saying telling a an my our his her told said disclosed been missing still on always "
    "never so upset sleeping self-harming pregnant unwell due here there only just also under "
    "getting going"
)
NUMBER_WORDS = _set(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen"
)
PARTICLES = _set(
    "ap ab ferch nic van von de da di del della dos das du la le el al bin bint ibn ben abu ul ur"
    " st o"
)
JOINED_PARTICLES = _set("los las y e ni ní nic mac mc dos den der ter ten zu zur af av")
# After these, an unknown word is more likely a place than a person.
PLACE_ONLY = _set("in at near around outside towards within across into via through")
ENGLISH_STARTS = tuple(
    _set(
        "un dis mis over under inter multi non anti pre post self safe super counter whistle hand "
        "home out down break step"
    )
)
ENGLISH_ENDS = tuple(
    _set(
        "ing ings ed ly ment ments ness able ible tion tions sion ist ists ism ity ful less ise "
        "ize ised ized ous ive ology ologist ological ship ships hood like ward wise ability "
        "atory cy work some time day days line lines book print prints word words side room rooms "
        "board boards"
    )
)
CLAUSE_STARTS = _set(
    "and but so because that when if while since think thinks says said where until although "
    "as then today yesterday"
)
# Things that notes put before a verb without an article.
THINGS = _set("mark bill art sky storm star river ocean amber chance rose page pat")
# Between two names these join them and belong to neither.
HINGES = TITLES | FINITE | AFTER_NAME | KIN | CONTACT | GREETINGS | ROLES
SEASONS = _set("summer autumn winter spring")
DAYS = _set("monday tuesday wednesday thursday friday saturday sunday today")
TIME_BEFORE = _set(
    "in by since until till before after during from of early late mid next last this every end the"
    " through to for"
)
MOVING = _set(
    "moved move moving came come comes went go going goes transferred back returned travelled flew"
    " originally trip flight relocated"
)
# Computer systems with people's names, and the words before a system.
SYSTEMS = _set("athena merlin niche rio mosaic arbor iris sims emis")
BEFORE_A_SYSTEM = _set("on onto the a an via our your their no in into another this police")
WHERE_ON_A_BODY = _set("on under above behind across below near around to over along down left")
MONTH_NAMES = _set("april may june august jan")
COMPASS = _set("north south east west mid")
NOT_FIRST = KIN | MONTHS | TITLES | _set("sunday monday tuesday friday spring")
PUBLIC_BODIES = _set("council hospital police mash partnership school")
SCHOOLS = _set("hospital school primary infirmary academy college")
OTHER_UNITS = _set("minutes days weeks hours of miles")
YEARS = _set("and yrs years year months is has was")
OF_RELATIVES = _set(
    "older younger little big own foster last new step half birth maternal paternal"
)
OF_MONTHS = _set("date conference review figures report plan attendance")
BEFORE_A_VERB = _set("to will would don't dont i not they he she and")
BEFORE_A_THING = _set("a an the rated rag level status")
SPOKEN_TO = _set(
    "told rang phoned emailed texted asked with about hit hurt abused groomed collected visited met"
    " messaged contacted interviewed punched regarding concerning assaulted"
)
WHOM = _set("him her them me himself herself themselves")
# After a capitalised first word, these make it a question or a wish.
HELPING = _set(
    "will must might may never always also still just who whose and or but because when then again"
    " today yesterday left"
)
# Things that are awarded, passed or noted.
AWARDED = _set("grant mark bill page art chance")
SPEAKING = _set("spoke speak spoken talk talked speaking talking")
# Abbreviations with full stops that are not initials: e.g., G.P., P.E.
DOTTED = _set("uk us eg ie am pm nb ps gp cp ta hv sw re pe id dv da pc dc ad bc ed ht cc tv na")
# Roles and lessons in capitals: a class beside them does not make them a child.
NOT_PUPILS = _set(
    "pe re it ict dt mfl pshe rse rshe ht dht aht ta tas hlta sw hv gp sn dsl ddsl pp cp cin "
    "lac cla"
    " eh la sen senco eal vp ps ks ep hr pa hoy sc ss da dv mh sg uk us eu tv fm id ok no iq"
    " pm nb pr po pc dc ds"
)
# After these a single capital is a label ("Plan B", "Year R"), not the first letter of a name.
LABELLED = CLASS_WORDS | _set(
    "plan part section block team group band option appendix ward unit type stage level tier step"
    " schedule vitamin hepatitis hep point bay zone category grade paragraph phase set room house"
    " table figure floor gate wing side key"
)
# Things named after somebody: with a capital letter, and the few that need none.
NAMED_AFTER = _set(
    "protocol foundation trust ward academy hospital infirmary primary infants juniors "
    "nursery school"
    " college hospice clinic surgery centre unit inquiry review report institute project law "
    "act rule"
    " guidelines building suite junior infant grammar high catholic ce church secondary cross"
    " house street lodge hub"
)
NAMED_AFTER_SMALL = _set("ward protocol academy infirmary primary hospice")
SHORT_FORMS = _set("uk us eg ie pm nb ps dob phd tv no etc ok")
APPOSITION = _set("the who whose a an our my his her their aged")
# Names that are verbs too, and the words that can only follow the verb.
VERBS_TOO = _set("will may can might must chase mark grant skip drew")
AFTER_A_VERB = _set(
    "the a an this that these those you they i we he she it my your our his her their"
    " anyone anybody"
    " someone somebody everyone nobody there all any both"
)
# In front of these a particle with an apostrophe is no name: "d'you know", "o'clock".
NOT_PARTICLE = _set("d'you d'ya d'know d'accord o'clock n'est d'oh o'course")
SHORT_NAMES = _set("mo ty cos al ed vi si kit jay lo ro bo em ace abe tel sal ned")
"""First names of two or three letters that are short words as well."""
WORKERS = _set("ot sm dm ewo cpn cid ppu slt")
# What is done to a child, as a past form: "was kicked", "dad burnt".
HARMED = _set(
    "hit kicked slapped smacked punched shaken shook burnt burned scalded bitten bit strangled"
    " choked beaten beat battered whipped belted stabbed scratched pinched thrown threw dragged"
    " pushed"
    " shoved grabbed bruised hurt injured assaulted attacked abused groomed raped touched"
    " suffocated smothered starved thumped clobbered walloped headbutted throttled clipped kneed"
    " poisoned drowned cut spanked caned"
)
BEING_DONE = _set(
    "was were is been got gets getting keeps wasnt wasn't isnt isn't had has having were being"
)
# Joined here once: asked of every word.
SOMEBODY = ROLES | KIN
SAYING_OR_BEING = SAYING | COPULAS
ACTING = FINITE - MODALS - HELPING
NOT_OWNED = INSTITUTIONS - OWNED
