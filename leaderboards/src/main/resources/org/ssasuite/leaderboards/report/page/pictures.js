// pictures.js: what ECharts draws of a report's curves, grids and intervals, and the numbers behind
// them. The page and --figures run these same lines; so no more than ES5, and no document.
var ssaPictures = (function () {
  'use strict';
  var LIGHT = ['#0b57d0', '#b3261e', '#146c2e', '#8a4b00', '#6b2fb3', '#00677d', '#9c2a68', '#4a4a4a'];
  var DARK = ['#8ab4f8', '#f2908a', '#81c995', '#fdbf6f', '#c9a5f7', '#6fd0e0', '#f29cc8', '#d0d0d0'];
  var SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'roundRect'];
  var LINES = ['solid', 'dashed', 'dotted'];
  var HEAT = ['#fde725', '#7ad151', '#22a884', '#2a788e', '#414487', '#440154'];
  var ROW = 22;
  // ECharts puts the gap of a legend's items between its lines too.
  var LEGEND_GAP = 14;
  var LEGEND_ROW = 14 + LEGEND_GAP;
  var STANDINGS = ['best alone', 'not shown to differ from the best', 'behind'];

  function ink(dark) {
    return dark ? '#e8eaed' : '#1f1f1f';
  }

  function digits(value) {
    if (value === null || value === undefined || value === '' || !isFinite(value)) {
      return '–';
    }
    var size = Math.abs(value);
    if (size !== 0 && (size < 1e-4 || size >= 1e7)) {
      return value.toExponential(3);
    }
    return String(Number(value.toPrecision(4)));
  }

  function axisName(axis) {
    return axis.unit ? axis.title + ' (' + axis.unit + ')' : axis.title;
  }

  // ECharts makes SVG text without a document of strings as they are: there we escape them.
  var escapes = false;

  function cut(text, most) {
    var short = text.length > most ? text.substring(0, most - 1) + '…' : text;
    return escapes
      ? short.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
      : short;
  }

  function legendRows(names, width) {
    var longest = 0;
    names.forEach(function (name) {
      longest = Math.max(longest, Math.min(60, name.length));
    });
    var across = Math.max(1, Math.floor((width - 20) / (longest * 7 + 50)));
    return Math.ceil(names.length / across);
  }

  function valueAxis(axis, dark) {
    var made = {
      type: axis.logarithmic ? 'log' : 'value',
      name: cut(axisName(axis), 80),
      nameLocation: 'middle',
      nameTextStyle: { color: ink(dark) },
      axisLabel: { color: ink(dark), formatter: digits, hideOverlap: true },
      axisLine: { lineStyle: { color: ink(dark) } },
      splitLine: { lineStyle: { color: dark ? '#3c4043' : '#dadce0' } },
      scale: true
    };
    if (axis.logarithmic) {
      made.logBase = 2;
      made.min = 'dataMin';
      made.max = 'dataMax';
    }
    if (axis.low !== undefined) {
      made.min = axis.low;
      made.max = axis.high;
    }
    return made;
  }

  function base(dark) {
    return {
      animation: false,
      color: dark ? DARK : LIGHT,
      textStyle: { fontFamily: 'sans-serif', color: ink(dark) },
      aria: { enabled: false }
    };
  }

  function band(curve, colour) {
    var upper = [];
    var lower = [];
    curve.points.forEach(function (point) {
      if (point.low !== undefined && point.high !== undefined) {
        upper.push([point.x, point.high]);
        lower.unshift([point.x, point.low]);
      }
    });
    var outline = upper.concat(lower);
    return {
      type: 'custom',
      name: curve.name,
      silent: true,
      clip: true,
      data: outline,
      tooltip: { show: false },
      renderItem: function (params, api) {
        return params.dataIndex > 0
          ? null
          : {
              type: 'polygon',
              shape: { points: outline.map(function (at) { return api.coord(at); }) },
              style: { fill: colour, opacity: 0.15 }
            };
      }
    };
  }

  function curves(picture, width, dark) {
    var option = base(dark);
    var names = picture.curves.map(function (curve) { return curve.name; });
    option.legend = {
      bottom: 0,
      itemGap: LEGEND_GAP,
      data: names,
      textStyle: { color: ink(dark) },
      formatter: function (name) { return cut(name, 60); }
    };
    option.grid = { left: 70, right: 24, top: 16, bottom: 60 + LEGEND_ROW * legendRows(names, width) };
    option.xAxis = valueAxis(picture.x, dark);
    option.xAxis.nameGap = 30;
    option.yAxis = valueAxis(picture.y, dark);
    option.yAxis.nameGap = 50;
    option.tooltip = { trigger: 'item', confine: true };
    option.series = [];
    picture.curves.forEach(function (curve, i) {
      var colour = option.color[i % option.color.length];
      option.series.push({
        type: 'line',
        name: curve.name,
        itemStyle: { color: colour },
        lineStyle: { color: colour, type: LINES[Math.floor(i / option.color.length) % LINES.length] },
        symbol: SYMBOLS[i % SYMBOLS.length],
        symbolSize: curve.points.length > 60 ? 0 : 7,
        showAllSymbol: true,
        data: curve.points.map(function (point) { return [point.x, point.y]; })
      });
      var drawn = band(curve, colour);
      if (drawn.data.length > 2) {
        option.series.push(drawn);
      }
    });
    return option;
  }

  function intervals(picture, width, dark) {
    var option = base(dark);
    var names = picture.rows.map(function (row) { return row.name; });
    var room = Math.min(width * 0.42, 300);
    option.legend = { bottom: 0, itemGap: LEGEND_GAP, data: STANDINGS, textStyle: { color: ink(dark) } };
    option.grid = { left: room, right: 24, top: 8, bottom: 56 + LEGEND_ROW * legendRows(STANDINGS, width) };
    option.tooltip = { trigger: 'item', confine: true };
    option.yAxis = {
      type: 'category',
      inverse: true,
      data: names.map(function (name, i) { return String(i); }),
      axisLine: { lineStyle: { color: ink(dark) } },
      axisLabel: {
        color: ink(dark),
        interval: 0,
        formatter: function (at) { return cut(names[Number(at)], Math.floor(room / 7)); }
      }
    };
    option.xAxis = valueAxis({ title: picture.metric }, dark);
    option.xAxis.nameGap = 28;
    var colours = [option.color[2], option.color[0], dark ? '#9aa0a6' : '#5f6368'];
    option.series = STANDINGS.map(function (standing, s) {
      return {
        type: 'scatter',
        name: standing,
        symbol: SYMBOLS[s],
        symbolSize: 9,
        itemStyle: { color: colours[s] },
        data: picture.rows
          .map(function (row, i) { return { row: row, at: i }; })
          .filter(function (each) { return each.row.standing === s; })
          .map(function (each) {
            return { name: each.row.name, value: [each.row.value, each.at] };
          })
      };
    });
    option.series.push({
      type: 'custom',
      silent: true,
      tooltip: { show: false },
      encode: { x: [0, 1], y: 2 },
      data: picture.rows
        .map(function (row, i) { return [row.low, row.high, i, row.standing]; })
        .filter(function (ends) { return ends[0] !== undefined && ends[1] !== undefined; }),
      renderItem: function (params, api) {
        var from = api.coord([api.value(0), api.value(2)]);
        var to = api.coord([api.value(1), api.value(2)]);
        return {
          type: 'line',
          shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
          style: { stroke: colours[api.value(3)], lineWidth: 2 }
        };
      }
    });
    return option;
  }

  function panelHeight(picture) {
    return Math.max(110, Math.min(420, 17 * picture.down.steps.length)) + 96;
  }

  function panelsAcross(picture, width) {
    return width >= 820 && picture.panels.length > 1 ? 2 : 1;
  }

  function limits(picture) {
    var low = Infinity;
    var high = -Infinity;
    picture.panels.forEach(function (panel) {
      panel.values.forEach(function (line) {
        line.forEach(function (value) {
          if (value !== null) {
            low = Math.min(low, value);
            high = Math.max(high, value);
          }
        });
      });
    });
    if (picture.value.low !== undefined) {
      return [picture.value.low, picture.value.high];
    }
    return low < high ? [low, high] : [low - 0.5, low + 0.5];
  }

  function steps(scale, dark) {
    return {
      type: 'category',
      data: scale.steps,
      name: cut(axisName(scale), 80),
      nameLocation: 'middle',
      nameTextStyle: { color: ink(dark) },
      axisLabel: { color: ink(dark), hideOverlap: true, formatter: function (name) { return cut(name, 12); } },
      axisLine: { lineStyle: { color: ink(dark) } }
    };
  }

  /** What the names of the lines take beside a panel, and the axis's own. */
  function lineRoom(picture) {
    var longest = 0;
    picture.down.steps.forEach(function (step) { longest = Math.max(longest, Math.min(12, step.length)); });
    return 44 + 8 * longest;
  }

  function grid(picture, width, dark) {
    var option = base(dark);
    var across = panelsAcross(picture, width);
    var wide = width / across;
    var high = panelHeight(picture);
    var ends = limits(picture);
    var room = lineRoom(picture);
    option.title = [];
    option.grid = [];
    option.xAxis = [];
    option.yAxis = [];
    option.series = [];
    option.tooltip = { trigger: 'item', confine: true };
    option.visualMap = {
      min: ends[0],
      max: ends[1],
      dimension: 2,
      calculable: false,
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      itemHeight: Math.min(200, width / 2),
      text: [digits(ends[1]), digits(ends[0]) + '   ' + cut(axisName(picture.value), 80)],
      textStyle: { color: ink(dark) },
      inRange: { color: HEAT }
    };
    picture.panels.forEach(function (panel, i) {
      var left = (i % across) * wide;
      var top = Math.floor(i / across) * high;
      option.title.push({
        text: cut(panel.name, Math.floor((wide - room) / 8)),
        left: left + room,
        top: top + 4,
        textStyle: { fontSize: 13, fontWeight: 'normal', color: ink(dark) }
      });
      option.grid.push({ left: left + room, top: top + 28, width: wide - room - 18, height: high - 88 });
      var x = steps(picture.across, dark);
      x.gridIndex = i;
      x.nameGap = 24;
      option.xAxis.push(x);
      var y = steps(picture.down, dark);
      y.gridIndex = i;
      y.inverse = true;
      y.nameGap = room - 22;
      option.yAxis.push(y);
      var cells = [];
      panel.values.forEach(function (line, row) {
        line.forEach(function (value, column) {
          if (value !== null) {
            cells.push([column, row, value]);
          }
        });
      });
      option.series.push({ type: 'heatmap', name: panel.name, xAxisIndex: i, yAxisIndex: i, data: cells });
    });
    return option;
  }

  function height(picture, width) {
    if (picture.kind === 'curves') {
      return 360 + LEGEND_ROW * legendRows(picture.curves.map(function (each) { return each.name; }), width);
    }
    if (picture.kind === 'intervals') {
      return 90 + LEGEND_ROW * legendRows(STANDINGS, width) + ROW * picture.rows.length;
    }
    return Math.ceil(picture.panels.length / panelsAcross(picture, width)) * panelHeight(picture) + 44;
  }

  function option(picture, width, dark) {
    if (picture.kind === 'curves') {
      return curves(picture, width, dark);
    }
    return picture.kind === 'intervals' ? intervals(picture, width, dark) : grid(picture, width, dark);
  }

  /** The picture as SVG text, without a document. */
  function svg(picture, width) {
    var size = height(picture, width);
    var chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: width, height: size });
    escapes = true;
    try {
      var chosen = option(picture, width, false);
      chosen.backgroundColor = '#ffffff';
      chart.setOption(chosen);
      return chart.renderToSVGString();
    } finally {
      escapes = false;
      chart.dispose();
    }
  }

  function orNothing(value) {
    return value === undefined || value === null ? '' : value;
  }

  /** {head, rows}: the numbers behind a picture. */
  function numbers(picture) {
    var rows = [];
    if (picture.kind === 'curves') {
      picture.curves.forEach(function (curve) {
        curve.points.forEach(function (point) {
          rows.push([curve.name, point.x, point.y, orNothing(point.low), orNothing(point.high)]);
        });
      });
      return { head: ['curve', axisName(picture.x), axisName(picture.y), 'low', 'high'], rows: rows };
    }
    if (picture.kind === 'intervals') {
      picture.rows.forEach(function (row) {
        rows.push([row.name, row.value, orNothing(row.low), orNothing(row.high), STANDINGS[row.standing]]);
      });
      return { head: ['row', picture.metric, 'low', 'high', 'standing'], rows: rows };
    }
    picture.panels.forEach(function (panel) {
      panel.values.forEach(function (line, down) {
        line.forEach(function (value, across) {
          rows.push([panel.name, picture.down.steps[down], picture.across.steps[across], orNothing(value)]);
        });
      });
    });
    return {
      head: ['panel', axisName(picture.down), axisName(picture.across), axisName(picture.value)],
      rows: rows
    };
  }

  /** A field of a CSV file; a text that a spreadsheet would compute gets an apostrophe before it. */
  function field(value) {
    var text = String(value);
    if (typeof value === 'string' && /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text)) {
      text = "'" + text;
    }
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function csv(picture) {
    var table = numbers(picture);
    return [table.head]
      .concat(table.rows)
      .map(function (line) { return line.map(field).join(',') + '\n'; })
      .join('');
  }

  return { option: option, height: height, svg: svg, csv: csv, numbers: numbers, digits: digits };
})();
