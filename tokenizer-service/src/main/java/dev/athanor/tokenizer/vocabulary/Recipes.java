package dev.athanor.tokenizer.vocabulary;

import dev.athanor.contracts.error.AthanorException;
import java.util.List;

/** The known algorithms. */
public final class Recipes {

    private static final List<Recipe> ALL = List.of(
            new ByteLevelBpeRecipe(),
            new ByteFallbackBpeRecipe(),
            new WordPieceRecipe(),
            new UnigramRecipe(),
            new WordRecipe(),
            new CharacterRecipe(),
            new ByteRecipe());

    private Recipes() {}

    /** @throws AthanorException INVALID_SPEC when there is no such algorithm */
    public static Recipe of(String algorithm) {
        return ALL.stream()
                .filter(recipe -> recipe.algorithm().equals(algorithm))
                .findFirst()
                .orElseThrow(() -> AthanorException.invalidSpec(
                        "algorithm",
                        algorithm,
                        "one of " + ALL.stream().map(Recipe::algorithm).toList()));
    }
}
