/** What the tests of every module share: properties, tags of slow and GPU tests, a toy task. */
package org.ssasuite.core.testing;
