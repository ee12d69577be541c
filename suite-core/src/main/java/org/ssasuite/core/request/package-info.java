/** What is asked of a language model, and what it answers. */
package org.ssasuite.core.request;
