/**
 * Templates in Jinja's language, as far as chat templates use it: an interpreter of what jinja2
 * 3.1's {@code ImmutableSandboxedEnvironment} does as transformers sets it up, bounded in time and
 * memory.
 */
package org.ssasuite.runtime.jinja;
