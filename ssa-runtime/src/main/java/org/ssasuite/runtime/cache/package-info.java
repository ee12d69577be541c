/** Who uses which page of the key/value cache: plain bookkeeping, no native code. */
package org.ssasuite.runtime.cache;
