package dev.athanor.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.tokenizers.AddedTokens.Stretch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where added tokens are found whose white space the one before them took: the reference ends the process at some of these. */
class AddedTokensTest {

    private static final List<String> ATOMS = List.of(" ", "  ", "\n", "\t", "\u3000", "a", "x", "[M]", "é");

    private static AddedTokens random(Random random) {
        List<AddedToken> tokens = List.of(" ", "  ", "\n", " a", "[M]", "\u3000x").stream()
                .map(content -> new AddedToken(
                        content.length(),
                        content,
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        false,
                        false))
                .toList();
        return new AddedTokens(tokens, tokens.stream().map(AddedToken::content).toList());
    }

    @Test
    void noStretchIsEmptyOrBeginsInFrontOfTheOneBefore() {
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(ATOMS.get(random.nextInt(ATOMS.size())));
            }
            byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
            int before = 0;
            int done = 0;
            for (Stretch stretch : random(random).cut(utf8, 0, utf8.length)) {
                assertThat(stretch.to()).as("%s in %s", stretch, text).isGreaterThan(stretch.from());
                assertThat(stretch.from()).as("%s in %s", stretch, text).isBetween(before, done);
                before = stretch.from();
                done = stretch.to();
            }
            assertThat(done).as("end of %s", text).isEqualTo(utf8.length);
        }
    }

    @Test
    void aBlankThatMayTakeWhatIsInFrontOfItAndWasTakenItselfIsNotThere() {
        AddedToken taker = new AddedToken(0, "[M]", false, false, true, false, true);
        AddedToken blank = new AddedToken(1, " ", false, true, false, false, false);
        AddedTokens tokens = new AddedTokens(List.of(taker, blank), List.of("[M]", " "));
        byte[] text = "[M]   a".getBytes(StandardCharsets.UTF_8);

        assertThat(tokens.cut(text, 0, text.length)).containsExactly(new Stretch(0, 6, taker), new Stretch(6, 7, null));
    }
}
