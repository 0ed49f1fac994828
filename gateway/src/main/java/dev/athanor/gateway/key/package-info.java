/** API keys: high-entropy secrets of which only a hash is stored, and their roles. */
@NullMarked
package dev.athanor.gateway.key;

import org.jspecify.annotations.NullMarked;
