/** Where tasks come from: the modules that have them, and what they are made of. */
package org.ssasuite.leaderboards.task;
