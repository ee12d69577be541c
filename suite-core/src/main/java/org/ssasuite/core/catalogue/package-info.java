/** What tasks there are, and how one is asked for and made. */
package org.ssasuite.core.catalogue;
