import { passage, type Passage } from "./passage.ts";

/** Openings and famous passages of novels and tales; the authors died before 1950 and every work appeared before 1900. */
export const FICTION: readonly Passage[] = [
  passage(
    { title: "Pride and Prejudice", author: "Jane Austen", year: 1813 },
    `
    It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a
    wife. However little known the feelings or views of such a man may be on his first entering a neighbourhood, this
    truth is so well fixed in the minds of the surrounding families, that he is considered as the rightful property of
    some one or other of their daughters. "My dear Mr. Bennet," said his lady to him one day, "have you heard that
    Netherfield Park is let at last?" Mr. Bennet replied that he had not. "But it is," returned she; "for Mrs. Long
    has just been here, and she told me all about it." Mr. Bennet made no answer. "Do not you want to know who has
    taken it?" cried his wife impatiently. "You want to tell me, and I have no objection to hearing it." This was
    invitation enough.
  `,
  ),
  passage(
    { title: "A Tale of Two Cities", author: "Charles Dickens", year: 1859 },
    `
    It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it
    was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of
    Darkness, it was the spring of hope, it was the winter of despair, we had everything before us, we had nothing
    before us, we were all going direct to Heaven, we were all going direct the other way—in short, the period was so
    far like the present period, that some of its noisiest authorities insisted on its being received, for good or for
    evil, in the superlative degree of comparison only. There were a king with a large jaw and a queen with a plain
    face, on the throne of England; there were a king with a large jaw and a queen with a fair face, on the throne of
    France. In both countries it was clearer than crystal to the lords of the State preserves of loaves and fishes,
    that things in general were settled for ever.
  `,
  ),
  passage(
    { title: "Moby-Dick; or, The Whale", author: "Herman Melville", year: 1851 },
    `
    Call me Ishmael. Some years ago—never mind how long precisely—having little or no money in my purse, and nothing
    particular to interest me on shore, I thought I would sail about a little and see the watery part of the world. It
    is a way I have of driving off the spleen and regulating the circulation. Whenever I find myself growing grim
    about the mouth; whenever it is a damp, drizzly November in my soul; whenever I find myself involuntarily pausing
    before coffin warehouses, and bringing up the rear of every funeral I meet; and especially whenever my hypos get
    such an upper hand of me, that it requires a strong moral principle to prevent me from deliberately stepping into
    the street, and methodically knocking people's hats off—then, I account it high time to get to sea as soon as I
    can. This is my substitute for pistol and ball. With a philosophical flourish Cato throws himself upon his sword;
    I quietly take to the ship. There is nothing surprising in this. If they but knew it, almost all men in their
    degree, some time or other, cherish very nearly the same feelings towards the ocean with me.
  `,
  ),
  passage(
    { title: "Alice's Adventures in Wonderland", author: "Lewis Carroll", year: 1865 },
    `
    Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do: once or
    twice she had peeped into the book her sister was reading, but it had no pictures or conversations in it, "and
    what is the use of a book," thought Alice "without pictures or conversations?" So she was considering in her own
    mind (as well as she could, for the hot day made her feel very sleepy and stupid), whether the pleasure of making
    a daisy-chain would be worth the trouble of getting up and picking the daisies, when suddenly a White Rabbit with
    pink eyes ran close by her. There was nothing so very remarkable in that; nor did Alice think it so very much out
    of the way to hear the Rabbit say to itself, "Oh dear! Oh dear! I shall be late!"
  `,
  ),
  passage(
    { title: "Frankenstein; or, The Modern Prometheus", author: "Mary Shelley", year: 1818 },
    `
    It was on a dreary night of November, that I beheld the accomplishment of my toils. With an anxiety that almost
    amounted to agony, I collected the instruments of life around me, that I might infuse a spark of being into the
    lifeless thing that lay at my feet. It was already one in the morning; the rain pattered dismally against the
    panes, and my candle was nearly burnt out, when, by the glimmer of the half-extinguished light, I saw the dull
    yellow eye of the creature open; it breathed hard, and a convulsive motion agitated its limbs. How can I describe
    my emotions at this catastrophe, or how delineate the wretch whom with such infinite pains and care I had
    endeavoured to form?
  `,
  ),
  passage(
    { title: "Great Expectations", author: "Charles Dickens", year: 1861 },
    `
    My father's family name being Pirrip, and my Christian name Philip, my infant tongue could make of both names
    nothing longer or more explicit than Pip. So, I called myself Pip, and came to be called Pip. I give Pirrip as my
    father's family name, on the authority of his tombstone and my sister,—Mrs. Joe Gargery, who married the
    blacksmith. As I never saw my father or my mother, and never saw any likeness of either of them (for their days
    were long before the days of photographs), my first fancies regarding what they were like were unreasonably
    derived from their tombstones. The shape of the letters on my father's, gave me an odd idea that he was a square,
    stout, dark man, with curly black hair.
  `,
  ),
  passage(
    { title: "A Christmas Carol", author: "Charles Dickens", year: 1843 },
    `
    Marley was dead: to begin with. There is no doubt whatever about that. The register of his burial was signed by
    the clergyman, the clerk, the undertaker, and the chief mourner. Scrooge signed it: and Scrooge's name was good
    upon 'Change, for anything he chose to put his hand to. Old Marley was as dead as a door-nail. Mind! I don't mean
    to say that I know, of my own knowledge, what there is particularly dead about a door-nail. I might have been
    inclined, myself, to regard a coffin-nail as the deadest piece of ironmongery in the trade. But the wisdom of our
    ancestors is in the simile; and my unhallowed hands shall not disturb it, or the Country's done for. You will
    therefore permit me to repeat, emphatically, that Marley was as dead as a door-nail.
  `,
  ),
  passage(
    { title: "Jane Eyre", author: "Charlotte Brontë", year: 1847 },
    `
    There was no possibility of taking a walk that day. We had been wandering, indeed, in the leafless shrubbery an
    hour in the morning; but since dinner (Mrs. Reed, when there was no company, dined early) the cold winter wind had
    brought with it clouds so sombre, and a rain so penetrating, that further out-door exercise was now out of the
    question. I was glad of it: I never liked long walks, especially on chilly afternoons: dreadful to me was the
    coming home in the raw twilight, with nipped fingers and toes, and a heart saddened by the chidings of Bessie, the
    nurse, and humbled by the consciousness of my physical inferiority to Eliza, John, and Georgiana Reed.
  `,
  ),
  passage(
    { title: "Wuthering Heights", author: "Emily Brontë", year: 1847 },
    `
    I have just returned from a visit to my landlord—the solitary neighbour that I shall be troubled with. This is
    certainly a beautiful country! In all England, I do not believe that I could have fixed on a situation so
    completely removed from the stir of society. A perfect misanthropist's Heaven: and Mr. Heathcliff and I are such a
    suitable pair to divide the desolation between us. A capital fellow! He little imagined how my heart warmed
    towards him when I beheld his black eyes withdraw so suspiciously under their brows, as I rode up, and when his
    fingers sheltered themselves, with a jealous resolution, still further in his waistcoat, as I announced my name.
  `,
  ),
  passage(
    { title: "The Tell-Tale Heart", author: "Edgar Allan Poe", year: 1843 },
    `
    True!—nervous—very, very dreadfully nervous I had been and am; but why will you say that I am mad? The disease had
    sharpened my senses—not destroyed—not dulled them. Above all was the sense of hearing acute. I heard all things in
    the heaven and in the earth. I heard many things in hell. How, then, am I mad? Hearken! and observe how
    healthily—how calmly I can tell you the whole story. It is impossible to say how first the idea entered my brain;
    but once conceived, it haunted me day and night. Object there was none. Passion there was none. I loved the old
    man. He had never wronged me. He had never given me insult. For his gold I had no desire.
  `,
  ),
  passage(
    { title: "The Fall of the House of Usher", author: "Edgar Allan Poe", year: 1839 },
    `
    During the whole of a dull, dark, and soundless day in the autumn of the year, when the clouds hung oppressively
    low in the heavens, I had been passing alone, on horseback, through a singularly dreary tract of country; and at
    length found myself, as the shades of the evening drew on, within view of the melancholy House of Usher. I know
    not how it was—but, with the first glimpse of the building, a sense of insufferable gloom pervaded my spirit. I
    say insufferable; for the feeling was unrelieved by any of that half-pleasurable, because poetic, sentiment, with
    which the mind usually receives even the sternest natural images of the desolate or terrible.
  `,
  ),
  passage(
    { title: "Adventures of Huckleberry Finn", author: "Mark Twain", year: 1884 },
    `
    You don't know about me without you have read a book by the name of The Adventures of Tom Sawyer; but that ain't
    no matter. That book was made by Mr. Mark Twain, and he told the truth, mainly. There was things which he
    stretched, but mainly he told the truth. That is nothing. I never seen anybody but lied one time or another,
    without it was Aunt Polly, or the widow, or maybe Mary. Aunt Polly—Tom's Aunt Polly, she is—and Mary, and the
    Widow Douglas is all told about in that book, which is mostly a true book, with some stretchers, as I said before.
  `,
  ),
  passage(
    { title: "A Scandal in Bohemia", author: "Arthur Conan Doyle", year: 1891 },
    `
    To Sherlock Holmes she is always the woman. I have seldom heard him mention her under any other name. In his eyes
    she eclipses and predominates the whole of her sex. It was not that he felt any emotion akin to love for Irene
    Adler. All emotions, and that one particularly, were abhorrent to his cold, precise but admirably balanced mind.
    He was, I take it, the most perfect reasoning and observing machine that the world has seen, but as a lover he
    would have placed himself in a false position. He never spoke of the softer passions, save with a gibe and a
    sneer. They were admirable things for the observer—excellent for drawing the veil from men's motives and actions.
    But for the trained reasoner to admit such intrusions into his own delicate and finely adjusted temperament was to
    introduce a distracting factor which might throw a doubt upon all his mental results.
  `,
  ),
  passage(
    { title: "The War of the Worlds", author: "H. G. Wells", year: 1898 },
    `
    No one would have believed in the last years of the nineteenth century that this world was being watched keenly
    and closely by intelligences greater than man's and yet as mortal as his own; that as men busied themselves about
    their various concerns they were scrutinised and studied, perhaps almost as narrowly as a man with a microscope
    might scrutinise the transient creatures that swarm and multiply in a drop of water. With infinite complacency men
    went to and fro over this globe about their little affairs, serene in their assurance of their empire over matter.
    It is possible that the infusoria under the microscope do the same. No one gave a thought to the older worlds of
    space as sources of human danger, or thought of them only to dismiss the idea of life upon them as impossible or
    improbable.
  `,
  ),
  passage(
    { title: "The Time Machine", author: "H. G. Wells", year: 1895 },
    `
    The Time Traveller (for so it will be convenient to speak of him) was expounding a recondite matter to us. His
    grey eyes shone and twinkled, and his usually pale face was flushed and animated. The fire burned brightly, and
    the soft radiance of the incandescent lights in the lilies of silver caught the bubbles that flashed and passed in
    our glasses. Our chairs, being his patents, embraced and caressed us rather than submitted to be sat upon, and
    there was that luxurious after-dinner atmosphere when thought roams gracefully free of the trammels of precision.
  `,
  ),
  passage(
    { title: "Treasure Island", author: "Robert Louis Stevenson", year: 1883 },
    `
    Squire Trelawney, Dr. Livesey, and the rest of these gentlemen having asked me to write down the whole particulars
    about Treasure Island, from the beginning to the end, keeping nothing back but the bearings of the island, and
    that only because there is still treasure not yet lifted, I take up my pen in the year of grace 17— and go back to
    the time when my father kept the Admiral Benbow inn and the brown old seaman with the sabre cut first took up his
    lodging under our roof. I remember him as if it were yesterday, as he came plodding to the inn door, his sea-chest
    following behind him in a hand-barrow—a tall, strong, heavy, nut-brown man.
  `,
  ),
  passage(
    { title: "Strange Case of Dr Jekyll and Mr Hyde", author: "Robert Louis Stevenson", year: 1886 },
    `
    Mr. Utterson the lawyer was a man of a rugged countenance that was never lighted by a smile; cold, scanty and
    embarrassed in discourse; backward in sentiment; lean, long, dusty, dreary and yet somehow lovable. At friendly
    meetings, and when the wine was to his taste, something eminently human beaconed from his eye; something indeed
    which never found its way into his talk, but which spoke not only in these silent symbols of the after-dinner
    face, but more often and loudly in the acts of his life. He was austere with himself; drank gin when he was alone,
    to mortify a taste for vintages; and though he enjoyed the theatre, had not crossed the doors of one for twenty
    years.
  `,
  ),
  passage(
    { title: "Dracula", author: "Bram Stoker", year: 1897 },
    `
    Left Munich at 8:35 P.M., on 1st May, arriving at Vienna early next morning; should have arrived at 6:46, but
    train was an hour late. Buda-Pesth seems a wonderful place, from the glimpse which I got of it from the train and
    the little I could walk through the streets. I feared to go very far from the station, as we had arrived late and
    would start as near the correct time as possible. The impression I had was that we were leaving the West and
    entering the East; the most western of splendid bridges over the Danube, which is here of noble width and depth,
    took us among the traditions of Turkish rule.
  `,
  ),
  passage(
    { title: "The Picture of Dorian Gray", author: "Oscar Wilde", year: 1890 },
    `
    The studio was filled with the rich odour of roses, and when the light summer wind stirred amidst the trees of the
    garden, there came through the open door the heavy scent of the lilac, or the more delicate perfume of the
    pink-flowering thorn. From the corner of the divan of Persian saddle-bags on which he was lying, smoking, as was
    his custom, innumerable cigarettes, Lord Henry Wotton could just catch the gleam of the honey-sweet and
    honey-coloured blossoms of a laburnum, whose tremulous branches seemed hardly able to bear the burden of a beauty
    so flamelike as theirs.
  `,
  ),
  passage(
    { title: "Robinson Crusoe", author: "Daniel Defoe", year: 1719 },
    `
    I was born in the year 1632, in the city of York, of a good family, though not of that country, my father being a
    foreigner of Bremen, who settled first at Hull. He got a good estate by merchandise, and leaving off his trade,
    lived afterwards at York, from whence he had married my mother, whose relations were named Robinson, a very good
    family in that country, and from whom I was called Robinson Kreutznaer; but, by the usual corruption of words in
    England, we are now called—nay we call ourselves and write our name—Crusoe; and so my companions always called me.
  `,
  ),
];
