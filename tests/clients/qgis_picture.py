#!/usr/bin/env python3
"""Draws the events over the countries as QGIS does, both loaded over OGC API – Features: docs/images/qgis.png.

usage: qgis_picture.py BASEURL PNG [WEST,SOUTH,EAST,NORTH]      (for the Python that QGIS belongs to)
"""

import sys

from qgis.core import (
    QgsApplication, QgsCategorizedSymbolRenderer, QgsCoordinateReferenceSystem, QgsCoordinateTransform,
    QgsFillSymbol, QgsMapRendererSequentialJob, QgsMapSettings, QgsMarkerSymbol, QgsPalLayerSettings, QgsProject,
    QgsRectangle, QgsRendererCategory, QgsRuleBasedRenderer, QgsTextBufferSettings, QgsTextFormat,
    QgsVectorLayer, QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QFont, QPainter

SYRIA = (35.3, 34.1, 42.6, 37.5)
WIDTH, HEIGHT = 1000, 650
COLOURS = {
    "capture": "#b2182b", "offensive": "#e66101", "advance": "#fdb863", "clash": "#d6604d", "strike": "#7b3294",
    "siege": "#8c510a", "withdrawal": "#2166ac", "evacuation": "#4393c3", "deployment": "#1b7837",
}


def load(base, collection, filter=""):
    uri = f"url='{base}' typename='{collection}' restrictToRequestBBOX='1' pageSize='1000'"
    layer = QgsVectorLayer(uri, collection, "OAPIF")
    if layer.isValid() and filter:
        layer.setSubsetString(filter)
    return layer


def text(size, colour, bold=False):
    format = QgsTextFormat()
    font = QFont("DejaVu Sans")
    font.setBold(bold)
    format.setFont(font)
    format.setSize(size)
    format.setColor(QColor(colour))
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.8)
    halo.setColor(QColor(255, 255, 255, 200))
    format.setBuffer(halo)
    return format


def draw_areas(layer):
    rules = QgsRuleBasedRenderer.Rule(None)
    for filter, fill, line, width in [("country", "#f7f4ec", "#8a8578", 0.45), ("admin1", "0,0,0,0", "#cfc9b8", 0.2)]:
        symbol = QgsFillSymbol.createSimple({"color": fill, "outline_color": line, "outline_width": str(width)})
        rules.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, f"kind = '{filter}'"))
    layer.setRenderer(QgsRuleBasedRenderer(rules))


def draw_events(layer):
    categories = []
    for action, colour in COLOURS.items():
        symbol = QgsMarkerSymbol.createSimple(
            {"name": "circle", "color": colour, "size": "3.2", "outline_color": "white", "outline_width": "0.35"}
        )
        symbol.setOpacity(0.9)
        categories.append(QgsRendererCategory(action, symbol, action))
    layer.setRenderer(QgsCategorizedSymbolRenderer("action", categories))
    labels = QgsPalLayerSettings()
    # One label for each place, however many events it has.
    labels.fieldName = "if(\"id\" = minimum(\"id\", group_by := \"place\"), \"place\", NULL)"
    labels.isExpression = True
    labels.placement = QgsPalLayerSettings.AroundPoint
    labels.dist = 1.0
    labels.setFormat(text(8, "#222222"))
    layer.setLabeling(QgsVectorLayerSimpleLabeling(labels))
    layer.setLabelsEnabled(True)


def draw_legend(image):
    """Which colour is which action, in the lower left corner."""
    painter = QPainter(image)
    painter.setRenderHint(QPainter.Antialiasing)
    line = 19
    height = line * len(COLOURS) + 14
    painter.setPen(QColor("#b8b2a2"))
    painter.setBrush(QColor(255, 255, 255, 225))
    painter.drawRoundedRect(QRectF(12, HEIGHT - height - 12, 126, height), 4, 4)
    painter.setFont(QFont("DejaVu Sans", 9))
    for n, (action, colour) in enumerate(COLOURS.items()):
        y = HEIGHT - height - 12 + 7 + n * line
        painter.setPen(Qt.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawEllipse(QRectF(22, y + 4, 11, 11))
        painter.setPen(QColor("#222222"))
        painter.drawText(QRectF(42, y, 100, line), Qt.AlignVCenter, action)
    painter.end()


def main(base, path, box=SYRIA):
    events = load(base, "events")
    assert events.isValid(), events.error().summary()
    draw_events(events)
    layers = [events]
    areas = load(base, "areas")
    if areas.isValid():
        draw_areas(areas)
        layers.append(areas)

    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(QSize(WIDTH, HEIGHT))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor("#dfe9f0"))
    mercator = QgsCoordinateReferenceSystem("EPSG:3857")
    settings.setDestinationCrs(mercator)
    plain = QgsCoordinateReferenceSystem("EPSG:4326")
    to_mercator = QgsCoordinateTransform(plain, mercator, QgsProject.instance().transformContext())
    settings.setExtent(to_mercator.transformBoundingBox(QgsRectangle(*box)))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    errors = [error.message for error in job.errors()]
    assert not errors, errors
    draw_legend(image)
    assert image.convertToFormat(image.Format_RGB888).save(path, quality=0), path


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    box = tuple(map(float, sys.argv[3].split(","))) if len(sys.argv) > 3 else SYRIA
    main(sys.argv[1].rstrip("/"), sys.argv[2], box)
    application.exitQgis()
