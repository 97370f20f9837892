#!/usr/bin/env python3
"""A KServe v2 client of nobody's making but python3-grpcio's: its messages are declared here from the
published names and numbers (Open Inference Protocol, grpc_predict_v2.proto), so it knows nothing of this project.

usage: kserve_client.py HOST:PORT CA CERTIFICATE KEY < {"windows": [[...], ...]}
Prints one JSON object: metadata, and the outputs for a raw and a typed request.
"""
import json
import struct
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

STRING, INT64, BOOL, FLOAT, BYTES, MESSAGE = 9, 3, 8, 2, 12, 11
SERVICE = "inference.GRPCInferenceService"


def declare():
    """The published messages, as far as this client uses them."""
    file = descriptor_pb2.FileDescriptorProto(name="published.proto", package="inference", syntax="proto3")

    def message(name, *fields, parent=None):
        kind = (parent.nested_type if parent else file.message_type).add(name=name)
        for number, field, type_, *rest in fields:
            added = kind.field.add(name=field, number=number, type=type_, label=3 if "repeated" in rest else 1)
            if type_ == MESSAGE:
                added.type_name = ".inference." + rest[0]
        return kind

    for name in ("ServerLive", "ServerReady", "ServerMetadata"):
        message(name + "Request")
    message("ServerLiveResponse", (1, "live", BOOL))
    message("ServerReadyResponse", (1, "ready", BOOL))
    message("ServerMetadataResponse", (1, "name", STRING), (2, "version", STRING), (3, "extensions", STRING, "repeated"))
    message("ModelReadyRequest", (1, "name", STRING), (2, "version", STRING))
    message("ModelReadyResponse", (1, "ready", BOOL))
    message("ModelMetadataRequest", (1, "name", STRING), (2, "version", STRING))
    metadata = message("ModelMetadataResponse",
                       (1, "name", STRING), (2, "versions", STRING, "repeated"), (3, "platform", STRING),
                       (4, "inputs", MESSAGE, "ModelMetadataResponse.TensorMetadata", "repeated"),
                       (5, "outputs", MESSAGE, "ModelMetadataResponse.TensorMetadata", "repeated"))
    message("TensorMetadata", (1, "name", STRING), (2, "datatype", STRING), (3, "shape", INT64, "repeated"), parent=metadata)
    message("InferTensorContents", (6, "fp32_contents", FLOAT, "repeated"))
    request = message("ModelInferRequest",
                      (1, "model_name", STRING), (2, "model_version", STRING), (3, "id", STRING),
                      (5, "inputs", MESSAGE, "ModelInferRequest.InferInputTensor", "repeated"),
                      (6, "outputs", MESSAGE, "ModelInferRequest.InferRequestedOutputTensor", "repeated"),
                      (7, "raw_input_contents", BYTES, "repeated"))
    message("InferInputTensor", (1, "name", STRING), (2, "datatype", STRING), (3, "shape", INT64, "repeated"),
            (5, "contents", MESSAGE, "InferTensorContents"), parent=request)
    message("InferRequestedOutputTensor", (1, "name", STRING), parent=request)
    response = message("ModelInferResponse",
                       (1, "model_name", STRING), (2, "model_version", STRING), (3, "id", STRING),
                       (5, "outputs", MESSAGE, "ModelInferResponse.InferOutputTensor", "repeated"),
                       (6, "raw_output_contents", BYTES, "repeated"))
    message("InferOutputTensor", (1, "name", STRING), (2, "datatype", STRING), (3, "shape", INT64, "repeated"),
            (5, "contents", MESSAGE, "InferTensorContents"), parent=response)

    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return lambda name: factory.GetPrototype(pool.FindMessageTypeByName("inference." + name))


def main():
    address, authority, certificate, key = sys.argv[1:]
    windows = json.load(sys.stdin)["windows"]
    shape = [len(windows), len(windows[0])]
    values = [value for window in windows for value in window]
    kind = declare()

    def read(path):
        with open(path, "rb") as file:
            return file.read()

    channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(read(authority), read(key), read(certificate)))

    def call(method, **fields):
        call_it = channel.unary_unary(f"/{SERVICE}/{method}",
                                      request_serializer=kind(method + "Request").SerializeToString,
                                      response_deserializer=kind(method + "Response").FromString)
        return call_it(kind(method + "Request")(**fields), timeout=20)

    model = call("ModelMetadata", name="device-windows")
    tensor = {"name": "windows", "datatype": "FP32", "shape": shape}
    raw = call("ModelInfer", model_name=model.name, model_version=model.versions[0], id="raw", inputs=[tensor],
               outputs=[{"name": "reconstruction"}, {"name": "score"}],
               raw_input_contents=[struct.pack(f"<{len(values)}f", *values)])
    typed = call("ModelInfer", model_name=model.name, id="typed", inputs=[dict(tensor, contents={"fp32_contents": values})])
    refusal = ""
    try:
        call("ModelInfer", model_name=model.name, inputs=[dict(tensor, datatype="INT8")])
    except grpc.RpcError as error:
        refusal = f"{error.code().name}: {error.details()}"

    server = call("ServerMetadata")
    print(json.dumps({
        "live": call("ServerLive").live,
        "ready": call("ServerReady").ready,
        "model_ready": call("ModelReady", name=model.name).ready,
        "server": [server.name, server.version],
        "model": [model.name, model.platform],
        "inputs": [[tensor.name, tensor.datatype, list(tensor.shape)] for tensor in model.inputs],
        "outputs": [[tensor.name, tensor.datatype, list(tensor.shape)] for tensor in model.outputs],
        "raw": {output.name: list(struct.unpack(f"<{len(content) // 4}f", content))
                for output, content in zip(raw.outputs, raw.raw_output_contents)},
        "typed": {output.name: list(output.contents.fp32_contents) for output in typed.outputs},
        "ids": [raw.id, typed.id],
        "refusal": refusal,
    }))


main()
