using Appliance.Detector.Features;
using Appliance.Detector.Models;
using Appliance.Hosting.Errors;
using Appliance.Protos.Inference.V1;
using Grpc.Core;

namespace Appliance.Detector.Inference;

/// <summary>InferenceService: the active model, and the library of models. A method that isn't overridden answers UNIMPLEMENTED.</summary>
internal sealed partial class InferenceGrpcService(ActiveModel active, ModelLibrary library, ModelUploads uploads, InferenceMeter meter, TimeProvider clock) : InferenceService.InferenceServiceBase
{
    // Longer than any link needs for 64 KiB; whoever sends nothing keeps others from uploading.
    private static readonly TimeSpan UploadPatience = TimeSpan.FromSeconds(30);

    public override async Task ScoreWindows(IAsyncStreamReader<ScoreWindowsRequest> requestStream, IServerStreamWriter<ScoreWindowsResponse> responseStream, ServerCallContext context)
    {
        // The next request is read when the last answer is on its way: a caller that reads slowly is held back, not buffered.
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            await responseStream.WriteAsync(Score(requestStream.Current), context.CancellationToken);
        }
    }

    public override Task<ExplainWindowResponse> ExplainWindow(ExplainWindowRequest request, ServerCallContext context)
    {
        CheckSchema(request.SchemaVersion);
        using var model = active.Use();
        using var batch = new WindowBatch(model.Network.Features.Length, 1);
        if (Fault(batch, request.Window ?? new Window(), model.Network) is { } fault)
        {
            throw new InvalidInputException("window", fault);
        }

        float[] score = [0], rebuilt = new float[batch.Features];
        model.Scorer.Score(batch.Values, 1, score, rebuilt);
        return Task.FromResult(Explanation(model.Network, score[0], ErrorShares.Of(model.Network, batch.Values, rebuilt)));
    }

    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        using var model = active.TryUse();
        return Task.FromResult(Page(library.List(), request.PageSize, request.PageToken, model));
    }

    public override Task<GetModelResponse> GetModel(GetModelRequest request, ServerCallContext context)
    {
        using var model = request.ModelId.Length == 0 ? active.Use() : active.TryUse();
        var stored = request.ModelId.Length == 0 ? model!.Stored : library.Find(request.ModelId);
        return Task.FromResult(new GetModelResponse { Model = Message(stored, model), Features = { stored.Network.Features } });
    }

    public override async Task<UploadModelResponse> UploadModel(IAsyncStreamReader<UploadModelRequest> requestStream, ServerCallContext context)
    {
        var header = (await NextAsync(requestStream, UploadModelRequest.PartOneofCase.Header, context.CancellationToken)).Header;
        CheckHeader(header);
        using var upload = uploads.Begin(header.SizeBytes);
        var part = await NextAsync(requestStream, UploadModelRequest.PartOneofCase.Chunk, context.CancellationToken);
        while (part.PartCase == UploadModelRequest.PartOneofCase.Chunk)
        {
            upload.Append(part.Chunk.Span);
            part = await NextAsync(requestStream, UploadModelRequest.PartOneofCase.Chunk, context.CancellationToken);
        }

        CheckId(header, part.Sha256.Span);
        var stored = upload.Finish(part.Sha256.Span);
        using var model = active.TryUse();
        return new UploadModelResponse { Model = Message(stored, model) };
    }

    public override Task<ActivateModelResponse> ActivateModel(ActivateModelRequest request, ServerCallContext context)
    {
        var previous = active.Activate(library.Find(request.ModelId));
        using var model = active.Use();
        return Task.FromResult(new ActivateModelResponse { Model = Message(library.Find(request.ModelId), model), PreviousModelId = previous?.Id ?? "" });
    }

    private static void CheckSchema(uint version)
    {
        if (version != FeatureSchema.Version)
        {
            throw new BusyException("SCHEMA_MISMATCH", $"The windows are of schema version {version}, the active model takes {FeatureSchema.Version}; GetModel lists its features in order.");
        }
    }

    private ScoreWindowsResponse Score(ScoreWindowsRequest request)
    {
        CheckSchema(request.SchemaVersion);
        if (request.Windows.Count is < 1 or > WindowBatch.Most)
        {
            throw new InvalidInputException("windows", $"has {request.Windows.Count}, a batch has 1 to {WindowBatch.Most}");
        }

        using var model = active.Use();
        using var batch = new WindowBatch(model.Network.Features.Length, request.Windows.Count);
        var response = new ScoreWindowsResponse { ModelId = model.Stored.Id };
        Fill(batch, request, model.Network, response);
        var scores = new float[batch.Count];
        model.Scorer.Score(batch.Values, batch.Count, scores, []);
        response.Scores.AddRange(scores.Select(score => Message(model.Network.Judge(score))));
        meter.Scored("score_windows", batch.Count);
        meter.Rejected(response.RejectedIndexes.Count);
        return response;
    }

    private static void Fill(WindowBatch batch, ScoreWindowsRequest request, Autoencoder network, ScoreWindowsResponse response)
    {
        for (var i = 0; i < request.Windows.Count; i++)
        {
            if (Fault(batch, request.Windows[i], network) is { } fault)
            {
                response.RejectedIndexes.Add((uint)i);
                response.RejectionReason = response.RejectionReason.Length == 0 ? $"Window {i}: {fault}." : response.RejectionReason;
            }
        }
    }

    /// <summary>Puts a window into the batch, or tells why it can't be scored.</summary>
    private static string? Fault(WindowBatch batch, Window window, Autoencoder network)
    {
        if (window.Features.Count != batch.Features)
        {
            return $"it has {window.Features.Count} features, the schema has {batch.Features}";
        }

        var values = batch.Next;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = window.Features[i];
        }

        if (WindowBatch.FirstNotFinite(values) is >= 0 and var index)
        {
            return FormattableString.Invariant($"its '{network.Features[index]}' (feature {index}) is {values[index]}, features must be finite");
        }

        batch.Take();
        return null;
    }
}
