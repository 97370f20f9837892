using Appliance.Hosting.Errors;
using Appliance.Protos.Node.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using PartCase = Appliance.Protos.Node.V1.InstallUpdateRequest.PartOneofCase;

namespace Appliance.Hosting.Updates;

/// <summary>The calls of NodeService about updates.</summary>
internal sealed class UpdateWire(IUpdateTarget target, UpdateSpool spool, UpdateTurn turn, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    // Longer than any link needs for 64 KiB; whoever sends nothing keeps others from updating.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<InstallUpdateResponse> InstallUpdate(IAsyncStreamReader<InstallUpdateRequest> parts, ServerCallContext context)
    {
        var token = context.CancellationToken;
        var wire = (await NextAsync(parts, PartCase.Header, token)).Header;
        var header = new UpdateHeader(wire.Version, wire.Slot, Convert.ToHexStringLower(wire.Sha256.Span));
        header.Check();
        target.Check(header);
        using var held = turn.Take();
        await using var upload = spool.Begin(header);
        var part = await NextAsync(parts, PartCase.Chunk, token);
        while (part.PartCase == PartCase.Chunk)
        {
            await upload.AppendAsync(part.Chunk.Memory, token);
            part = await NextAsync(parts, PartCase.Chunk, token);
        }

        var digest = await upload.FinishAsync(part.Sha256.Memory, token);
        // From here on the caller's going changes nothing: a slot that is being written can't be left half.
        var installed = await target.InstallAsync(header, upload.Path, lifetime.ApplicationStopping);
        return new InstallUpdateResponse { Update = new Update { Version = installed.Version, Slot = installed.Slot, Sha256 = ByteString.CopyFrom(digest) } };
    }

    public async Task<ActivateUpdateResponse> ActivateUpdate(ActivateUpdateRequest request, ServerCallContext context)
    {
        if (!VersionOrder.IsVersion(request.Version))
        {
            throw new InvalidInputException("version", $"is '{request.Version}'; name the version that InstallUpdate answered");
        }

        using var held = turn.Take();
        await target.ActivateAsync(request.Version, context.CancellationToken);
        return new ActivateUpdateResponse();
    }

    /// <summary>The next part: of the kind that is expected, or the digest after chunks.</summary>
    private async Task<InstallUpdateRequest> NextAsync(IAsyncStreamReader<InstallUpdateRequest> parts, PartCase expected, CancellationToken token)
    {
        bool hasNext;
        try
        {
            hasNext = await parts.MoveNext(token).WaitAsync(Patience, clock, token);
        }
        catch (TimeoutException)
        {
            throw new LimitExceededException("UPLOAD_STALLED", $"No part of the bundle came for {Patience.TotalSeconds} s; nothing was kept: send it again.");
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
