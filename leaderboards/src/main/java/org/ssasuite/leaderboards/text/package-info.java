/** What the commands share that put one text through one model. */
package org.ssasuite.leaderboards.text;
