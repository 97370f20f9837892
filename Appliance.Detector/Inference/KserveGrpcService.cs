using System.Reflection;
using System.Runtime.InteropServices;
using Appliance.Detector.Models;
using Appliance.Hosting.Errors;
using Appliance.Protos.Kserve.V2;
using Grpc.Core;
using TensorMetadata = Appliance.Protos.Kserve.V2.ModelMetadataResponse.Types.TensorMetadata;

namespace Appliance.Detector.Inference;

/// <summary>The published KServe v2 service: the active model, for outside tools.</summary>
internal sealed class KserveGrpcService(ActiveModel active, ModelLibrary library, InferenceMeter meter) : GRPCInferenceService.GRPCInferenceServiceBase
{
    private const string ServerName = "appliance";

    // As other servers of the protocol call it: <project>_<format>.
    private const string Platform = "onnxruntime_onnx";
    private const long AnySize = -1;

    private static readonly string Version = typeof(KserveGrpcService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) => Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context)
    {
        using var model = active.TryUse();
        return Task.FromResult(new ServerReadyResponse { Ready = model is not null });
    }

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse { Name = ServerName, Version = Version });

    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        using var model = active.TryUse();
        var ready = request.Name == KserveWire.ModelName && model is not null && (request.Version.Length == 0 || request.Version == VersionOf(model.Stored));
        return Task.FromResult(new ModelReadyResponse { Ready = ready });
    }

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        using var model = Use(request.Name, request.Version);
        var features = model.Network.Features.Length;
        return Task.FromResult(new ModelMetadataResponse
        {
            Name = KserveWire.ModelName,
            Versions = { VersionOf(model.Stored) },
            Platform = Platform,
            Inputs = { Metadata(KserveWire.Windows, AnySize, features) },
            Outputs = { Metadata(KserveWire.Score, AnySize), Metadata(KserveWire.Reconstruction, AnySize, features) },
        });
    }

    public override Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        using var model = Use(request.ModelName, request.ModelVersion);
        var rows = KserveWire.CheckInput(request, model.Network.Features.Length);
        var outputs = KserveWire.CheckOutputs(request);
        var response = new ModelInferResponse { ModelName = KserveWire.ModelName, ModelVersion = VersionOf(model.Stored), Id = request.Id };
        if (request.RawInputContents.Count > 0)
        {
            Infer(model, KserveWire.Raw(request), rows, outputs, response, raw: true);
        }
        else
        {
            var values = new float[rows * model.Network.Features.Length];
            KserveWire.ReadTyped(request, values);
            Infer(model, values, rows, outputs, response, raw: false);
        }

        meter.Scored("kserve", rows);
        return Task.FromResult(response);
    }

    private static void Infer(LoadedModel model, ReadOnlySpan<float> windows, int rows, IReadOnlyList<string> outputs, ModelInferResponse response, bool raw)
    {
        KserveWire.RefuseNotFinite(windows, model.Network);
        var features = model.Network.Features.Length;
        // The scorer writes all of them, so nothing needs to be cleared before.
        var scores = GC.AllocateUninitializedArray<byte>(rows * sizeof(float));
        var rebuilt = outputs.Contains(KserveWire.Reconstruction) ? GC.AllocateUninitializedArray<byte>(rows * features * sizeof(float)) : [];
        model.Scorer.Score(windows, rows, MemoryMarshal.Cast<byte, float>(scores.AsSpan()), MemoryMarshal.Cast<byte, float>(rebuilt.AsSpan()));
        foreach (var name in outputs)
        {
            if (name == KserveWire.Score)
            {
                KserveWire.Add(response, name, scores, raw, rows);
            }
            else
            {
                KserveWire.Add(response, name, rebuilt, raw, rows, features);
            }
        }
    }

    private static string VersionOf(StoredModel model) => FormattableString.Invariant($"{model.Number}");

    private static TensorMetadata Metadata(string name, params ReadOnlySpan<long> shape)
    {
        var metadata = new TensorMetadata { Name = name, Datatype = KserveWire.Datatype };
        foreach (var size in shape)
        {
            metadata.Shape.Add(size);
        }

        return metadata;
    }

    private LoadedModel Use(string name, string version)
    {
        if (name != KserveWire.ModelName)
        {
            throw new NotFoundException("model", name);
        }

        var model = active.Use();
        var running = VersionOf(model.Stored);
        if (version.Length == 0 || version == running)
        {
            return model;
        }

        model.Dispose();
        throw library.List().Any(stored => VersionOf(stored) == version)
            ? new BusyException("MODEL_NOT_ACTIVE", $"Version {version} of {name} is not the active one, {running} is; leave the version out, or activate {version}.")
            : new NotFoundException("model version", version);
    }
}
