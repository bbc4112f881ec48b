import { passage, type Passage } from "./passage.ts";

/** Speeches, essays and treatises; every work appeared before 1900. */
export const NONFICTION: readonly Passage[] = [
  passage(
    { title: "Gettysburg Address", author: "Abraham Lincoln", year: 1863 },
    `
    Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in Liberty,
    and dedicated to the proposition that all men are created equal. Now we are engaged in a great civil war, testing
    whether that nation, or any nation so conceived and so dedicated, can long endure. We are met on a great
    battle-field of that war. We have come to dedicate a portion of that field, as a final resting place for those who
    here gave their lives that that nation might live. It is altogether fitting and proper that we should do this.
    But, in a larger sense, we can not dedicate—we can not consecrate—we can not hallow—this ground. The brave men,
    living and dead, who struggled here, have consecrated it, far above our poor power to add or detract. The world
    will little note, nor long remember what we say here, but it can never forget what they did here. It is for us the
    living, rather, to be dedicated here to the unfinished work which they who fought here have thus far so nobly
    advanced. It is rather for us to be here dedicated to the great task remaining before us—that from these honored
    dead we take increased devotion to that cause for which they gave the last full measure of devotion—that we here
    highly resolve that these dead shall not have died in vain—that this nation, under God, shall have a new birth of
    freedom—and that government of the people, by the people, for the people, shall not perish from the earth.
  `,
  ),
  passage(
    { title: "The Declaration of Independence", author: "Thomas Jefferson and others", year: 1776 },
    `
    When in the Course of human events, it becomes necessary for one people to dissolve the political bands which have
    connected them with another, and to assume among the powers of the earth, the separate and equal station to which
    the Laws of Nature and of Nature's God entitle them, a decent respect to the opinions of mankind requires that
    they should declare the causes which impel them to the separation. We hold these truths to be self-evident, that
    all men are created equal, that they are endowed by their Creator with certain unalienable Rights, that among
    these are Life, Liberty and the pursuit of Happiness.—That to secure these rights, Governments are instituted
    among Men, deriving their just powers from the consent of the governed,—That whenever any Form of Government
    becomes destructive of these ends, it is the Right of the People to alter or to abolish it, and to institute new
    Government, laying its foundation on such principles and organizing its powers in such form, as to them shall seem
    most likely to effect their Safety and Happiness. Prudence, indeed, will dictate that Governments long established
    should not be changed for light and transient causes; and accordingly all experience hath shewn, that mankind are
    more disposed to suffer, while evils are sufferable, than to right themselves by abolishing the forms to which
    they are accustomed.
  `,
  ),
  passage(
    { title: "Second Inaugural Address", author: "Abraham Lincoln", year: 1865 },
    `
    With malice toward none; with charity for all; with firmness in the right, as God gives us to see the right, let
    us strive on to finish the work we are in; to bind up the nation's wounds; to care for him who shall have borne
    the battle, and for his widow, and his orphan—to do all which may achieve and cherish a just, and a lasting peace,
    among ourselves, and with all nations.
  `,
  ),
  passage(
    { title: "Walden; or, Life in the Woods", author: "Henry David Thoreau", year: 1854 },
    `
    I went to the woods because I wished to live deliberately, to front only the essential facts of life, and see if I
    could not learn what it had to teach, and not, when I came to die, discover that I had not lived. I did not wish
    to live what was not life, living is so dear; nor did I wish to practise resignation, unless it was quite
    necessary. I wanted to live deep and suck out all the marrow of life, to live so sturdily and Spartan-like as to
    put to rout all that was not life, to cut a broad swath and shave close, to drive life into a corner, and reduce
    it to its lowest terms, and, if it proved to be mean, why then to get the whole and genuine meanness of it, and
    publish its meanness to the world; or if it were sublime, to know it by experience, and be able to give a true
    account of it in my next excursion.
  `,
  ),
  passage(
    { title: "On the Origin of Species", author: "Charles Darwin", year: 1859 },
    `
    It is interesting to contemplate an entangled bank, clothed with many plants of many kinds, with birds singing on
    the bushes, with various insects flitting about, and with worms crawling through the damp earth, and to reflect
    that these elaborately constructed forms, so different from each other, and dependent on each other in so complex
    a manner, have all been produced by laws acting around us. These laws, taken in the largest sense, being Growth
    with Reproduction; Inheritance which is almost implied by reproduction; Variability from the indirect and direct
    action of the external conditions of life, and from use and disuse; a Ratio of Increase so high as to lead to a
    Struggle for Life, and as a consequence to Natural Selection, entailing Divergence of Character and the Extinction
    of less-improved forms. Thus, from the war of nature, from famine and death, the most exalted object which we are
    capable of conceiving, namely, the production of the higher animals, directly follows. There is grandeur in this
    view of life, with its several powers, having been originally breathed into a few forms or into one; and that,
    whilst this planet has gone cycling on according to the fixed law of gravity, from so simple a beginning endless
    forms most beautiful and most wonderful have been, and are being, evolved.
  `,
  ),
  passage(
    { title: "The Wealth of Nations", author: "Adam Smith", year: 1776 },
    `
    To take an example, therefore, from a very trifling manufacture; but one in which the division of labour has been
    very often taken notice of, the trade of the pin-maker; a workman not educated to this business (which the
    division of labour has rendered a distinct trade), nor acquainted with the use of the machinery employed in it (to
    the invention of which the same division of labour has probably given occasion), could scarce, perhaps, with his
    utmost industry, make one pin in a day, and certainly could not make twenty. But in the way in which this business
    is now carried on, not only the whole work is a peculiar trade, but it is divided into a number of branches, of
    which the greater part are likewise peculiar trades. One man draws out the wire, another straights it, a third
    cuts it, a fourth points it, a fifth grinds it at the top for receiving the head.
  `,
  ),
  passage(
    { title: "The Federalist, No. 51", author: "James Madison", year: 1788 },
    `
    But what is government itself, but the greatest of all reflections on human nature? If men were angels, no
    government would be necessary. If angels were to govern men, neither external nor internal controls on government
    would be necessary. In framing a government which is to be administered by men over men, the great difficulty lies
    in this: you must first enable the government to control the governed; and in the next place oblige it to control
    itself. A dependence on the people is, no doubt, the primary control on the government; but experience has taught
    mankind the necessity of auxiliary precautions.
  `,
  ),
  passage(
    { title: "Self-Reliance", author: "Ralph Waldo Emerson", year: 1841 },
    `
    A foolish consistency is the hobgoblin of little minds, adored by little statesmen and philosophers and divines.
    With consistency a great soul has simply nothing to do. He may as well concern himself with his shadow on the
    wall. Speak what you think now in hard words, and to-morrow speak what to-morrow thinks in hard words again,
    though it contradict every thing you said to-day.—"Ah, so you shall be sure to be misunderstood."—Is it so bad,
    then, to be misunderstood? Pythagoras was misunderstood, and Socrates, and Jesus, and Luther, and Copernicus, and
    Galileo, and Newton, and every pure and wise spirit that ever took flesh. To be great is to be misunderstood.
  `,
  ),
  passage(
    { title: "Ecclesiastes, King James Version", author: "Translators of King James I", year: 1611 },
    `
    To every thing there is a season, and a time to every purpose under the heaven: A time to be born, and a time to
    die; a time to plant, and a time to pluck up that which is planted; A time to kill, and a time to heal; a time to
    break down, and a time to build up; A time to weep, and a time to laugh; a time to mourn, and a time to dance; A
    time to cast away stones, and a time to gather stones together; a time to embrace, and a time to refrain from
    embracing; A time to get, and a time to lose; a time to keep, and a time to cast away; A time to rend, and a time
    to sew; a time to keep silence, and a time to speak; A time to love, and a time to hate; a time of war, and a time
    of peace.
  `,
  ),
  passage(
    { title: "Of Studies", author: "Francis Bacon", year: 1625 },
    `
    Read not to contradict and confute; nor to believe and take for granted; nor to find talk and discourse; but to
    weigh and consider. Some books are to be tasted, others to be swallowed, and some few to be chewed and digested;
    that is, some books are to be read only in parts; others to be read, but not curiously; and some few to be read
    wholly, and with diligence and attention. Reading maketh a full man; conference a ready man; and writing an exact
    man.
  `,
  ),
  passage(
    { title: "Meditation XVII", author: "John Donne", year: 1624 },
    `
    No man is an island, entire of itself; every man is a piece of the continent, a part of the main. If a clod be
    washed away by the sea, Europe is the less, as well as if a promontory were, as well as if a manor of thy friend's
    or of thine own were: any man's death diminishes me, because I am involved in mankind, and therefore never send to
    know for whom the bell tolls; it tolls for thee.
  `,
  ),
  passage(
    { title: "Notes on the Analytical Engine", author: "Ada Lovelace", year: 1843 },
    `
    The Analytical Engine has no pretensions whatever to originate anything. It can do whatever we know how to order
    it to perform. It can follow analysis; but it has no power of anticipating any analytical relations or truths. Its
    province is to assist us in making available what we are already acquainted with.
  `,
  ),
];
