@NullMarked
package dev.athanor.tokenizers.models;

import org.jspecify.annotations.NullMarked;
