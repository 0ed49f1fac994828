@NullMarked
package dev.athanor.tokenizers.normalizers;

import org.jspecify.annotations.NullMarked;
