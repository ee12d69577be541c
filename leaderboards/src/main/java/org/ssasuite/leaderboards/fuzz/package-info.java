/**
 * {@code ssa fuzz}: what the suite's readers make of files that are wrong. A seed is a valid file
 * that can spoil itself; a reader reads what came of it and checks what it got; cases run in
 * processes of their own, so that a crash of the virtual machine is a row of the table.
 */
package org.ssasuite.leaderboards.fuzz;
