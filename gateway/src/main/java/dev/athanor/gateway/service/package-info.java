/** What callers and services may do, each method one transaction. */
@NullMarked
package dev.athanor.gateway.service;

import org.jspecify.annotations.NullMarked;
