package dev.athanor.tokenizer.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param dataRoots folders that tokenizers may be imported from, separated by {@code :} */
@ConfigurationProperties("athanor.tokenizer")
record TokenizerProperties(@DefaultValue("") String dataRoots) {}
