package dev.athanor.standalone.demo;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A small seeded grammar of English reviews. Opinions come plain, negated ("nobody could call the soup bland") and in
 * contrast ("although the plot was dull, the acting was superb": the main clause decides); neutral statements mention
 * the same things and now and then the same adjectives ("a friend asked whether the room was noisy"). Word counts alone
 * therefore do not give the label: order and scope do.
 */
final class SyntheticGrammar {

    /** The three classes. */
    enum Label {
        NEGATIVE,
        NEUTRAL,
        POSITIVE;

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        Label opposite() {
            return this == POSITIVE ? NEGATIVE : this == NEGATIVE ? POSITIVE : NEUTRAL;
        }
    }

    private record Domain(String thing, List<String> aspects, List<String> facts) {}

    private static final List<Domain> DOMAINS = List.of(
            new Domain(
                    "film",
                    List.of(
                            "plot",
                            "acting",
                            "ending",
                            "soundtrack",
                            "dialogue",
                            "direction",
                            "opening scene",
                            "pacing"),
                    List.of(
                            "the film runs for two hours",
                            "the story is set in a harbour town",
                            "the director made three films before this one",
                            "the cast has eleven names on the list")),
            new Domain(
                    "restaurant",
                    List.of("soup", "service", "dessert", "menu", "bread", "waiter", "main course", "coffee"),
                    List.of(
                            "the kitchen closes at ten in the evening",
                            "the restaurant has twelve tables by the window",
                            "the menu changes with the season",
                            "the bill came to forty euros")),
            new Domain(
                    "hotel",
                    List.of("room", "breakfast", "staff", "bed", "bathroom", "view", "lobby", "location"),
                    List.of(
                            "the hotel is next to the old station",
                            "breakfast is served from seven to ten",
                            "the rooms are on four floors",
                            "we stayed there for three nights")),
            new Domain(
                    "phone",
                    List.of("screen", "battery", "camera", "keyboard", "speaker", "software", "charger", "case"),
                    List.of(
                            "the phone weighs about two hundred grams",
                            "the box holds a cable and a manual",
                            "the screen measures six inches",
                            "it comes in black and in grey")),
            new Domain(
                    "book",
                    List.of(
                            "first chapter",
                            "prose",
                            "narrator",
                            "translation",
                            "cover",
                            "final part",
                            "argument",
                            "hero"),
                    List.of(
                            "the book has three hundred pages",
                            "the author lives in a village near the coast",
                            "it was printed again in the spring",
                            "each chapter carries the name of a month")),
            new Domain(
                    "concert",
                    List.of("singer", "orchestra", "hall", "second half", "sound", "encore", "programme", "choir"),
                    List.of(
                            "the concert began at eight",
                            "the hall holds nine hundred people",
                            "the programme listed five pieces",
                            "the musicians came from four countries")));

    private static final List<String> GOOD = List.of(
            "wonderful",
            "excellent",
            "charming",
            "delightful",
            "superb",
            "brilliant",
            "pleasant",
            "impressive",
            "lovely",
            "memorable",
            "clever",
            "generous",
            "splendid",
            "marvellous",
            "refreshing",
            "graceful");
    private static final List<String> BAD = List.of(
            "terrible",
            "awful",
            "dull",
            "disappointing",
            "clumsy",
            "boring",
            "dreadful",
            "careless",
            "bland",
            "annoying",
            "tedious",
            "shabby",
            "horrible",
            "mediocre",
            "tiresome",
            "pathetic");
    private static final List<String> DEGREES =
            List.of("", "", "really ", "quite ", "very ", "truly ", "simply ", "rather ");
    private static final List<String> LIKED = List.of("loved", "enjoyed", "admired", "adored", "appreciated");
    private static final List<String> DISLIKED = List.of("hated", "disliked", "regretted", "resented", "despised");
    private static final List<String> LIKE = List.of("love", "enjoy", "admire", "adore", "appreciate");
    private static final List<String> DISLIKE = List.of("hate", "dislike", "regret", "resent", "despise");
    private static final List<String> WHO =
            List.of("a friend", "my neighbour", "my sister", "a colleague", "the man at the door", "our teacher");
    private static final List<String> DAYS =
            List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday");

    private final RandomGenerator random;

    SyntheticGrammar(RandomGenerator random) {
        this.random = random;
    }

    /** A review of one or two sentences whose overall opinion is the label. */
    String review(Label label) {
        Domain domain = pick(DOMAINS);
        String core = label == Label.NEUTRAL ? neutral(domain) : opinion(domain, label);
        return switch (random.nextInt(4)) {
            case 0 -> sentence(pick(domain.facts())) + " " + sentence(core);
            case 1 -> sentence(core) + " " + sentence(pick(domain.facts()));
            default -> sentence(core);
        };
    }

    /** Sentences of several reviews on one domain, joined into one paragraph of about the given number of sentences. */
    String paragraph(int sentences) {
        Domain domain = pick(DOMAINS);
        var text = new StringBuilder();
        text.append(sentence("on " + pick(DAYS) + " we talked about the " + domain.thing() + " that everybody knows"));
        for (int i = 1; i < sentences; i++) {
            String next = switch (random.nextInt(5)) {
                case 0 -> pick(domain.facts());
                case 1 -> neutral(domain);
                case 2, 3 -> opinion(domain, Label.POSITIVE);
                default -> opinion(domain, Label.NEGATIVE);
            };
            text.append(' ').append(sentence(next));
        }
        return text.toString();
    }

    private String opinion(Domain domain, Label label) {
        String with = clause(domain, label);
        return switch (random.nextInt(9)) {
            case 0 -> "although " + clause(domain, label.opposite()) + ", " + with;
            case 1 -> clause(domain, label.opposite()) + ", but " + with;
            case 2 -> with + ", even though " + clause(domain, label.opposite());
            case 3 -> with + ", although " + clause(domain, label.opposite());
            case 4 -> with + " and " + clause(domain, label);
            default -> with;
        };
    }

    private String clause(Domain domain, Label label) {
        boolean good = label == Label.POSITIVE;
        String aspect = "the " + pick(domain.aspects());
        String fitting = pick(good ? GOOD : BAD);
        String contrary = pick(good ? BAD : GOOD);
        return switch (random.nextInt(9)) {
            case 0 -> aspect + " was not " + contrary + " at all";
            case 1 -> "nobody could call " + aspect + " " + contrary;
            case 2 -> "there was nothing " + contrary + " about " + aspect;
            case 3 -> "i " + pick(good ? LIKED : DISLIKED) + " " + aspect;
            case 4 -> "i did not " + pick(good ? DISLIKE : LIKE) + " " + aspect;
            default -> aspect + " was " + pick(DEGREES) + fitting;
        };
    }

    private String neutral(Domain domain) {
        String aspect = "the " + pick(domain.aspects());
        return switch (random.nextInt(6)) {
            case 0 -> pick(WHO) + " asked whether " + aspect + " was " + pick(random.nextBoolean() ? GOOD : BAD);
            case 1 ->
                "i have not seen " + aspect + " yet, so i cannot say whether it is "
                        + pick(random.nextBoolean() ? GOOD : BAD);
            case 2 -> "we went there on a " + pick(DAYS) + " with " + pick(WHO);
            case 3 -> pick(WHO) + " told us where to find the " + domain.thing();
            default -> pick(domain.facts());
        };
    }

    private String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
