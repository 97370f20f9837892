using System.Globalization;
using Appliance.Detector.Features;
using Appliance.Detector.Models;
using Appliance.Hosting.Errors;
using Appliance.Protos.Inference.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using FeatureShare = Appliance.Detector.Models.FeatureShare;
using PartCase = Appliance.Protos.Inference.V1.UploadModelRequest.PartOneofCase;

namespace Appliance.Detector.Inference;

internal sealed partial class InferenceGrpcService
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1000;

    private static Score Message(WindowScore score) => new() { Value = score.Value, PValue = score.PValue, Anomalous = score.IsAnomalous };

    private static ExplainWindowResponse Explanation(Autoencoder network, float score, IReadOnlyList<FeatureShare> shares) => new()
    {
        Score = Message(network.Judge(score)),
        Shares =
        {
            shares.Select(share => new Protos.Inference.V1.FeatureShare { Feature = share.Feature, Value = share.Value, Expected = share.Expected, Share = share.Share }),
        },
    };

    private static Model Message(StoredModel stored, LoadedModel? active)
    {
        var isActive = active?.Stored == stored;
        return new Model
        {
            Id = stored.Id,
            Version = stored.Number.ToString(CultureInfo.InvariantCulture),
            State = isActive ? Model.Types.State.Active : Model.Types.State.Ready,
            SchemaVersion = (uint)stored.Network.SchemaVersion,
            Sha256 = ByteString.CopyFrom(Convert.FromHexString(stored.Id)),
            SizeBytes = (ulong)stored.SizeBytes,
            CreateTime = stored.Network.Created.ToTimestamp(),
            Provenance = stored.Network.Provenance,
            ExecutionProvider = isActive ? active!.Scorer.Provider : "",
            Threshold = stored.Network.Threshold,
            WeightsCount = (uint)stored.Network.WeightsCount,
        };
    }

    private static ListModelsResponse Page(IReadOnlyList<StoredModel> newestFirst, int size, string token, LoadedModel? active)
    {
        if (size is < 0 or > LargestPage)
        {
            throw new InvalidInputException("page_size", $"is {size}, it takes 1 to {LargestPage}, or 0 for {DefaultPage}");
        }

        // The token is the number of the last model shown: what is uploaded meanwhile moves no page.
        var below = long.MaxValue;
        if (token.Length > 0 && !long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out below))
        {
            throw new InvalidInputException("page_token", "is none that ListModels gave; begin without one");
        }

        var rest = newestFirst.Where(model => model.Number < below).ToList();
        var page = rest.Take(size == 0 ? DefaultPage : size).ToList();
        var next = page.Count < rest.Count ? page[^1].Number.ToString(CultureInfo.InvariantCulture) : "";
        return new ListModelsResponse { Models = { page.Select(model => Message(model, active)) }, NextPageToken = next };
    }

    private static void CheckHeader(Model header)
    {
        if (header.SchemaVersion is not 0 and not FeatureSchema.Version)
        {
            throw new InvalidInputException("header.schema_version", $"is {header.SchemaVersion}, this program's windows are version {FeatureSchema.Version}; train a model with this program");
        }
    }

    // The audit log has the header's id as what the call was about, so a wrong one is no detail.
    private static void CheckId(Model header, ReadOnlySpan<byte> digest)
    {
        if (header.Id.Length > 0 && header.Id != Convert.ToHexStringLower(digest))
        {
            throw new InvalidInputException("header.id", $"is '{header.Id}', a model's id is its digest, {Convert.ToHexStringLower(digest)} here; nothing was kept");
        }
    }

    /// <summary>The next part: of the kind that is expected, or the digest after a header.</summary>
    private async Task<UploadModelRequest> NextAsync(IAsyncStreamReader<UploadModelRequest> parts, PartCase expected, CancellationToken cancellationToken)
    {
        bool hasNext;
        try
        {
            hasNext = await parts.MoveNext(cancellationToken).WaitAsync(UploadPatience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new LimitExceededException("UPLOAD_STALLED", $"No part of the model came for {UploadPatience.TotalSeconds} s; nothing was kept: upload it again.");
        }

        var given = hasNext ? parts.Current.PartCase : PartCase.None;
        if (given == expected || (given == PartCase.Sha256 && expected == PartCase.Chunk))
        {
            return parts.Current;
        }

        var words = hasNext ? $"'{given}' came" : "the stream ended";
        throw new InvalidInputException("part", $"{words} where {(expected == PartCase.Header ? "the header" : "a chunk or the digest")} is expected; nothing was kept: send header, chunks, digest");
    }
}
