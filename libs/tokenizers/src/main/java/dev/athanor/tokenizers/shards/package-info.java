@NullMarked
package dev.athanor.tokenizers.shards;

import org.jspecify.annotations.NullMarked;
