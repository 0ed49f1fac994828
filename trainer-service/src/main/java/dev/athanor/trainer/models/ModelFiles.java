package dev.athanor.trainer.models;

import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.TextClassifier;
import dev.athanor.lm.format.ConfigJson;
import dev.athanor.lm.format.SpecialIds;
import dev.athanor.lm.format.TokenizerFiles;
import dev.athanor.lm.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of a {@code language-model} artifact: a folder that transformers opens, where it knows the architecture. */
public final class ModelFiles {

    private ModelFiles() {}

    /**
     * Writes them into the folder and stores them.
     *
     * @param ids null = as the tokenizer has them
     * @return a list that can be added to
     */
    public static List<ArtifactFile> store(
            ArtifactStore store, Path folder, LanguageModel model, @Nullable SpecialIds ids, BlobRef tokenizer)
            throws IOException {
        Files.createDirectories(folder);
        var special = new TokenizerFiles(ConfigJson.readFile(store.local(tokenizer)));
        ModelConfig config = model.config();
        SpecialIds known = ids == null ? special.ids(config) : ids;
        model.save(folder, known);
        var names = new ArrayList<>(
                List.of(LanguageModel.CONFIG_FILE, LanguageModel.WEIGHTS_FILE, TokenizerFiles.TOKENIZER_CONFIG));
        ConfigJson.writeFile(folder.resolve(TokenizerFiles.TOKENIZER_CONFIG), special.tokenizerConfig(config, known));
        if (config.stack() == ModelConfig.Stack.DECODER) {
            names.add(TokenizerFiles.GENERATION_CONFIG);
            ConfigJson.writeFile(
                    folder.resolve(TokenizerFiles.GENERATION_CONFIG), TokenizerFiles.generationConfig(known));
        }
        List<ArtifactFile> files = ArtifactFolder.store(store, folder, names);
        files.add(new ArtifactFile(TextClassifier.TOKENIZER_FILE, tokenizer));
        return files;
    }
}
