"""Questions of everyday life, from fields other than those that libraries of abstracts are about.

Own words; nothing medical, and at most three from any one field, so that a library about one of them loses little.
They are for measuring only: none of them may be among the questions that abstention is calibrated on.
"""

QUESTIONS: tuple[str, ...] = (
    # travel
    "Which train goes from Lisbon to Porto on a Sunday morning?",
    "Do I need a visa to spend two weeks in Japan?",
    "How early should I be at the airport for a flight abroad?",
    # cooking
    "How long does a sponge cake stay in the oven?",
    "What can I use instead of buttermilk in pancakes?",
    "Why did my mayonnaise curdle?",
    # history
    "Who was king of France when the Bastille was stormed?",
    "In which year did the Berlin Wall come down?",
    "What did the first landing on the moon cost?",
    # geography
    "What is the capital of Mongolia?",
    "Which is the longest river in South America?",
    # sports
    "How many players does a volleyball team have on the court?",
    "How long is a marathon?",
    "What is the offside rule?",
    # law and offices
    "How much notice must a landlord give before raising the rent?",
    "Do I have to register a garden shed with the council?",
    "Can I return shoes that I bought on sale?",
    # money
    "How is the interest on a mortgage worked out?",
    "What is the difference between a share and a bond?",
    # cars and bicycles
    "Why does my car squeak when I brake?",
    "How often should the timing belt be changed?",
    "How high should the saddle of my bicycle be?",
    # astronomy
    "How far away is the planet Saturn?",
    "When is the next total eclipse of the sun in Spain?",
    # computers
    "How do I reset the password of my email account?",
    "Which key shortcut takes a screenshot?",
    "Why is my printer offline?",
    # house and garden
    "What colour of paint suits a north facing room?",
    "When should I prune the roses?",
    "How do I bleed a radiator?",
    # art, music, film
    "Which museum shows the painting of the night watch?",
    "How many strings does a cello have?",
    "Which film won the Oscar for best picture in 1994?",
    "Who wrote the novel Moby Dick?",
    # language
    "What is the plural of octopus?",
    "How do you say good evening in Italian?",
    # games and leisure
    "How does the knight move in chess?",
    "What shall I give my brother for his birthday?",
    # weather and time
    "Will it rain in Hamburg tomorrow?",
    "What time is it in New York when it is noon in London?",
)
