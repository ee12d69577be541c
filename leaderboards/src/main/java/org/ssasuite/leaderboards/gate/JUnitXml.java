package org.ssasuite.leaderboards.gate;

import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.ssasuite.core.VisibleText;
import org.ssasuite.leaderboards.gate.RowJudgement.Outcome;

/**
 * A gate's outcome as the JUnit XML that continuous integration shows: a test case per row; what
 * cannot be told counts as skipped, with the reason.
 */
final class JUnitXml {
  private static final String SUITE = "ssa gate";

  private JUnitXml() {}

  static String of(Gate gate) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuites");
      write(xml, gate);
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a string takes all XML", e);
    }
    return text + "\n";
  }

  private static void write(XMLStreamWriter xml, Gate gate) throws XMLStreamException {
    List<RowJudgement> rows = gate.rows();
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", SUITE);
    xml.writeAttribute("tests", String.valueOf(rows.size()));
    xml.writeAttribute("failures", count(rows, Outcome.FAIL));
    xml.writeAttribute("errors", "0");
    xml.writeAttribute("skipped", count(rows, Outcome.CANNOT_TELL));
    for (RowJudgement row : rows) {
      xml.writeStartElement("testcase");
      xml.writeAttribute("classname", SUITE);
      xml.writeAttribute("name", printable(VisibleText.of(row.row().text())));
      if (row.outcome() == Outcome.PASS) {
        xml.writeStartElement("system-out");
        xml.writeCharacters(printable(GateMarkdown.sentence(row, gate)));
      } else {
        xml.writeStartElement(row.outcome() == Outcome.FAIL ? "failure" : "skipped");
        xml.writeAttribute("message", printable(GateMarkdown.sentence(row, gate)));
      }
      xml.writeEndElement();
      xml.writeEndElement();
    }
    if (!gate.notes().isEmpty()) {
      xml.writeStartElement("system-out");
      xml.writeCharacters(printable(VisibleText.of(String.join("; ", gate.notes()))));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static String count(List<RowJudgement> rows, Outcome outcome) {
    return String.valueOf(rows.stream().filter(row -> row.outcome() == outcome).count());
  }

  /** XML 1.0 has no control characters, no half of a surrogate pair, and not these two. */
  private static String printable(String text) {
    return VisibleText.of(text).replace('\uFFFE', ' ').replace('\uFFFF', ' ');
  }
}
