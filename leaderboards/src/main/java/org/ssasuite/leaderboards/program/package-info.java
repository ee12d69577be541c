/** What all commands share: where the suite lies, where text goes, how a program ends. */
package org.ssasuite.leaderboards.program;
