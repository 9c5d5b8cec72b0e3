"""Reads layers as QGIS does, and says what it got. For the Python that Debian's QGIS belongs to.

Standard input: {"base": address, "layers": {collection: {"boxes": […], "filters": […]}}}. Standard output: the counts,
keyed by collection and question, and what QGIS made of the events' columns.
"""

import json
import sys

from qgis.core import (
    Qgis, QgsApplication, QgsDateTimeRange, QgsFeatureRequest, QgsRectangle, QgsVectorLayer,
    QgsVectorLayerTemporalContext,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime


def open_layer(base, collection):
    uri = f"url='{base}' typename='{collection}' restrictToRequestBBOX='1' pageSize='10000'"
    layer = QgsVectorLayer(uri, collection, "OAPIF")
    assert layer.isValid(), f"{collection}: {layer.error().summary()}"
    return layer


def count(layer, request=None):
    return sum(1 for _ in layer.getFeatures(request or QgsFeatureRequest()))


def during(layer, first, last):
    """The count of what the temporal controller shows of these days, but for what has no date."""
    properties = layer.temporalProperties()
    properties.setIsActive(True)
    # Days count as their first moment, so the last is only in with its limit.
    properties.setLimitMode(Qgis.VectorTemporalLimitMode.IncludeBeginIncludeEnd)
    at = lambda day: QDateTime(QDate.fromString(day, Qt.ISODate), QTime(0, 0), Qt.UTC)
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    shown = properties.createFilterString(context, QgsDateTimeRange(at(first), at(last)))
    return count(layer, QgsFeatureRequest().setFilterExpression(f'({shown}) AND "start" IS NOT NULL'))


def answer(plan):
    counts = []
    columns = {}
    for collection, questions in plan["layers"].items():
        layer = open_layer(plan["base"], collection)
        counts.append([collection, "all", layer.featureCount()])
        for box in questions["boxes"]:
            counts.append([collection, box, count(layer, QgsFeatureRequest(QgsRectangle(*box)))])
        if collection == "events":
            temporal = layer.temporalProperties()
            columns = {field.name(): field.typeName() for field in layer.fields()}
            columns["temporal"] = [temporal.startField(), temporal.endField()]
            counts.append([collection, "during", during(layer, *plan["during"])])
        for filter in questions["filters"]:
            assert layer.setSubsetString(filter), f"{collection}: {filter}: {layer.error().summary()}"
            counts.append([collection, filter, count(layer)])
        del layer
    return {"version": Qgis.QGIS_VERSION_INT, "counts": counts, "columns": columns}


def main():
    application = QgsApplication([], False)
    application.initQgis()
    print(json.dumps(answer(json.load(sys.stdin))))
    application.exitQgis()


if __name__ == "__main__":
    main()
