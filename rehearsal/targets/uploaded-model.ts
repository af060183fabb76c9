/** Key of a model that is uploaded for a run. */
export const UPLOADED_MODEL = 'rehearsal/uploaded/model.tar.gz';
