/** Chat templates of models: where they are found, and what a message becomes by one. */
package org.ssasuite.runtime.chat;
