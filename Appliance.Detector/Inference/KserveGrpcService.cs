using Appliance.Protos.Kserve.V2;

namespace Appliance.Detector.Inference;

/// <summary>The published KServe v2 service: the same model, for outside tools. A method that isn't overridden answers UNIMPLEMENTED.</summary>
internal sealed class KserveGrpcService : GRPCInferenceService.GRPCInferenceServiceBase;
