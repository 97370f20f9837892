using Appliance.Hosting.Audit;
using Appliance.Hosting.Configuration;
using Appliance.Protos.Inference.V1;
using Grpc.Core;

namespace Appliance.Hosting.Tests.Audit;

/// <summary>Takes an upload, or answers without having read it.</summary>
internal sealed class ChangeModels(ChangeCalls calls, NodePaths paths) : InferenceService.InferenceServiceBase
{
    public override async Task<UploadModelResponse> UploadModel(IAsyncStreamReader<UploadModelRequest> requestStream, ServerCallContext context)
    {
        if (calls.ReadsUpload && await requestStream.MoveNext(context.CancellationToken))
        {
            using var connection = AuditTable.OpenToRead(Path.Combine(paths.State, AuditFile.FileName));
            calls.SubjectSeen = AuditTable.ReadLast(connection, 1).Single().Subject;
        }

        return new UploadModelResponse();
    }
}
